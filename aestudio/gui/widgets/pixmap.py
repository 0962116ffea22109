"""Conversions between NumPy arrays and Qt images.

An image is uint8 (C, H, W): one channel is grey, three are red, green and blue. Images are enlarged by whole
device pixels without smoothing, so that each pixel of the data is a square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.colours import require_channels

if TYPE_CHECKING:
    from numpy.typing import NDArray

ASSUMED_SHAPE = MNIST.image
"""The space that is kept for images before the first one is known."""

_OPAQUE = np.uint32(0xFF000000)


def packed(images: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Convert images, uint8 (..., C, H, W), C = 1 or 3, to opaque uint32 0xAARRGGBB (..., H, W).

    Any strides. Raises ValueError for other types than uint8 and for arrays without an axis of channels.
    """
    if images.dtype != np.uint8:
        raise ValueError(f"images are uint8, not {images.dtype}")
    require_channels(images)
    wide = images.astype(np.uint32)
    if images.shape[-3] == 1:
        return _OPAQUE + wide[..., 0, :, :] * np.uint32(0x010101)
    red, green, blue = (wide[..., channel, :, :] for channel in range(3))
    return _OPAQUE + (red << np.uint32(16)) + (green << np.uint32(8)) + blue


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


def pixmap_of(picture: NDArray[np.uint8], scale: int = 1, ratio: float = 1.0) -> QPixmap:
    """Convert one image, uint8 (C, H, W), to a pixmap, `scale` device pixels per pixel of the image.

    Raises ValueError for several images and as `packed` does.
    """
    require_channels(picture, axes=3)
    argb = np.ascontiguousarray(enlarged(packed(picture), scale))
    height, width = argb.shape
    image = QImage(argb.data, width, height, argb.strides[0], QImage.Format.Format_RGB32)
    pixmap = QPixmap.fromImage(image)  # a copy, so that the array can be freed
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def array_of(image: QImage) -> NDArray[np.uint8]:
    """Copy what Qt painted to an array of colours, uint8 (H, W, 3), for tests and screenshots."""
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    height, width = converted.height(), converted.width()
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(height, converted.bytesPerLine())
    return rows[:, : width * 4].reshape(height, width, 4)[..., 2::-1].copy()
