"""Sentences about the numbers of an image; its size as a text is `ImageShape`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.datasets.image_shape import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

translate = QCoreApplication.translate


def numbers_text(shape: Sequence[int]) -> str:
    """The numbers of an image of a shape (..., C, H, W): "1,024 pixels", or more words in colour."""
    channels, height, width = shape[-3:]
    if channels == 1:
        return translate("ImageSizes", "{} pixels").format(f"{height * width:,}")
    text = translate("ImageSizes", "{} numbers: {} channels of {} pixels")
    return text.format(f"{channels * height * width:,}", channels, size_text(height, width))


def bits_text(shape: Sequence[int]) -> str:
    """How the pixels of an image of a shape (..., C, H, W) are stored: "1,024 numbers of 8 bits"."""
    channels, height, width = shape[-3:]
    pixels = f"{height * width:,}"
    if channels == 1:
        return translate("ImageSizes", "{} numbers of 8 bits").format(pixels)
    return translate("ImageSizes", "{} pixels of {} × 8 bits").format(pixels, channels)
