"""Conversions between NumPy arrays and Qt images.

Images are enlarged by whole device pixels without smoothing, so that each pixel of the data is a square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPAQUE = np.uint32(0xFF000000)
_CHANNEL_SHIFTS = np.array([1 << 16, 1 << 8, 1], np.uint32)


def packed(image: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Convert uint8 (..., H, W) grey or (..., H, W, 3) colour to opaque uint32 0xAARRGGBB (..., H, W).

    A last axis of length 3 means colour. Any strides. Raises ValueError for other types than uint8.
    """
    if image.dtype != np.uint8:
        raise ValueError(f"images are uint8, not {image.dtype}")
    wide = image.astype(np.uint32)
    if image.shape[-1] == 3 and image.ndim > 2:
        return _OPAQUE + (wide * _CHANNEL_SHIFTS).sum(axis=-1, dtype=np.uint32)
    return _OPAQUE + wide * np.uint32(0x010101)


def enlarged(pixels: NDArray[np.uint32], scale: int) -> NDArray[np.uint32]:
    """Repeat each pixel of (..., H, W) `scale` times in both directions: (..., scale H, scale W)."""
    return pixels.repeat(scale, axis=-1).repeat(scale, axis=-2)


def whole_scale(available: tuple[float, float], source: tuple[int, int], ratio: float = 1.0) -> int:
    """Return the largest whole number of device pixels per source pixel, at least 1, that fits.

    available: width and height in logical pixels; source: width and height in pixels of the data
    """
    return max(1, int(min(available[0] * ratio / source[0], available[1] * ratio / source[1])))


class Canvas:
    """An image in device pixels that is written as an array and painted as an image, without a copy.

    pixels: uint32 (H, W), 0xAARRGGBB with premultiplied colours; transparent at first
    """

    def __init__(self, width: int, height: int, ratio: float = 1.0) -> None:
        self.pixels = np.zeros((max(1, height), max(1, width)), np.uint32)
        rows, columns = self.pixels.shape
        image_format = QImage.Format.Format_ARGB32_Premultiplied
        self.image = QImage(self.pixels.data, columns, rows, self.pixels.strides[0], image_format)
        self.image.setDevicePixelRatio(ratio)


def pixmap_of(pixels: NDArray[np.uint8], scale: int = 1, ratio: float = 1.0) -> QPixmap:
    """Convert uint8 (H, W) grey or (H, W, 3) colour to a pixmap, `scale` device pixels per source pixel."""
    argb = np.ascontiguousarray(enlarged(packed(pixels), scale))
    height, width = argb.shape
    image = QImage(argb.data, width, height, argb.strides[0], QImage.Format.Format_RGB32)
    pixmap = QPixmap.fromImage(image)  # a copy, so that the array can be freed
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def array_of(image: QImage) -> NDArray[np.uint8]:
    """Copy an image to an array of colours, uint8 (H, W, 3)."""
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    height, width = converted.height(), converted.width()
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(height, converted.bytesPerLine())
    return rows[:, : width * 4].reshape(height, width, 4)[..., 2::-1].copy()
