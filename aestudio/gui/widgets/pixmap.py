"""From numpy to the screen: the one module that turns arrays into Qt images.

Digits are enlarged by whole device pixels without smoothing, so that a pixel of the data is a square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPAQUE = np.uint32(0xFF000000)
_PLACES = np.array([1 << 16, 1 << 8, 1], np.uint32)


def packed(picture: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Grey (..., H, W) or colour (..., H, W, 3), any strides, as opaque 0xAARRGGBB (..., H, W).

    A last axis of length 3 means colour. Raises ValueError for anything but uint8.
    """
    if picture.dtype != np.uint8:
        raise ValueError(f"images are uint8, not {picture.dtype}")
    wide = picture.astype(np.uint32)
    if picture.shape[-1] == 3 and picture.ndim > 2:
        return _OPAQUE + (wide * _PLACES).sum(axis=-1, dtype=np.uint32)
    return _OPAQUE + wide * np.uint32(0x010101)


def enlarged(pixels: NDArray[np.uint32], scale: int) -> NDArray[np.uint32]:
    """Each pixel of (..., H, W) repeated `scale` times in both directions."""
    return pixels.repeat(scale, axis=-1).repeat(scale, axis=-2)


def whole_scale(available: tuple[float, float], source: tuple[int, int], ratio: float = 1.0) -> int:
    """Device pixels per source pixel, at least 1: `source` (W, H) fits `available` (W, H), logical."""
    return max(1, int(min(available[0] * ratio / source[0], available[1] * ratio / source[1])))


class Canvas:
    """An image in device pixels that is written as an array and painted as an image, without copying.

    pixels: uint32 (H, W), 0xAARRGGBB with colours premultiplied; starts transparent.
    """

    def __init__(self, width: int, height: int, ratio: float = 1.0) -> None:
        self.pixels = np.zeros((max(1, height), max(1, width)), np.uint32)
        rows, columns = self.pixels.shape
        image_format = QImage.Format.Format_ARGB32_Premultiplied
        self.image = QImage(self.pixels.data, columns, rows, self.pixels.strides[0], image_format)
        self.image.setDevicePixelRatio(ratio)


def pixmap_of(picture: NDArray[np.uint8], scale: int = 1, ratio: float = 1.0) -> QPixmap:
    """Grey (H, W) or colour (H, W, 3) as a pixmap, `scale` device pixels per source pixel."""
    pixels = np.ascontiguousarray(enlarged(packed(picture), scale))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
    pixmap = QPixmap.fromImage(image)  # copies, so that the array may go
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def array_of(image: QImage) -> NDArray[np.uint8]:
    """An image as colours (H, W, 3), a copy."""
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    height, width = converted.height(), converted.width()
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(height, converted.bytesPerLine())
    return rows[:, : width * 4].reshape(height, width, 4)[..., 2::-1].copy()
