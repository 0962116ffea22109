"""Sentences about the size of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.image_shape import ImageShape

translate = QCoreApplication.translate


def numbers_text(shape: Sequence[int]) -> str:
    """The numbers of an image of a shape (..., C, H, W): "1,024 pixels", or more words in colour."""
    channels, height, width = shape[-3:]
    if channels == 1:
        return translate("ImageSizes", "{} pixels").format(f"{height * width:,}")
    text = translate("ImageSizes", "{} numbers ({} x {} pixels of {} channels)")
    return text.format(f"{channels * height * width:,}", width, height, channels)


def bits_text(shape: Sequence[int]) -> str:
    """How the pixels of an image of a shape (..., C, H, W) are stored: "1,024 of 8 bits"."""
    channels, height, width = shape[-3:]
    pixels = f"{height * width:,}"
    if channels == 1:
        return translate("ImageSizes", "{} of 8 bits").format(pixels)
    return translate("ImageSizes", "{} of {} x 8 bits").format(pixels, channels)


def size_text(shape: ImageShape) -> str:
    """Width and height, and whether there are colours: "32 x 32 in colour"."""
    text = translate("ImageSizes", "{} x {}") if shape.grey else translate("ImageSizes", "{} x {} in colour")
    return text.format(shape.width, shape.height)
