"""Sentences about the size of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

translate = QCoreApplication.translate


def numbers_text(shape: Sequence[int]) -> str:
    """The numbers of an image of a shape (..., C, H, W): "784 pixels", "3,072 numbers (32 x 32, 3 channels)"."""
    channels, height, width = shape[-3:]
    if channels == 1:
        return translate("ImageSizes", "{} pixels").format(f"{height * width:,}")
    text = translate("ImageSizes", "{} numbers ({} x {} pixels of {} channels)")
    return text.format(f"{channels * height * width:,}", width, height, channels)


def bits_text(shape: Sequence[int]) -> str:
    """How the pixels of an image of a shape (..., C, H, W) are stored: "784 of 8 bits"."""
    channels, height, width = shape[-3:]
    pixels = f"{height * width:,}"
    if channels == 1:
        return translate("ImageSizes", "{} of 8 bits").format(pixels)
    return translate("ImageSizes", "{} of {} x 8 bits").format(pixels, channels)
