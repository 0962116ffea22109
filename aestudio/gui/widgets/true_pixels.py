"""Images as files and on the clipboard: each pixel of the data is a square of whole pixels, never smoothed.

The square has `SCALE` pixels on each side, so that a digit can be seen where it is pasted; a sheet
of many images has smaller ones, down to the data's own pixels, so that no side is longer than `LARGEST`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from aestudio.errors import StudioError
from aestudio.gui.widgets.offer import ValueTable
from aestudio.gui.widgets.pixmap import enlarged

if TYPE_CHECKING:
    from aestudio.gui.widgets.offer import Pixels

SCALE = 10
LARGEST = 4_096
_CHANNELS = {"red": 16, "green": 8, "blue": 0}  # and where their bits are
GAP = 1  # pixels of the data between two images of a sheet, transparent


def scale_of(pixels: Pixels) -> int:
    """How many pixels the side of the square of each pixel (H, W) has."""
    return max(1, min(SCALE, LARGEST // max(pixels.shape)))


def picture_of(pixels: Pixels, scale: int | None = None) -> QImage:
    """An image of these pixels (H, W), each `scale` times as wide and high; None: `scale_of` them."""
    large = np.ascontiguousarray(enlarged(pixels, scale_of(pixels) if scale is None else scale))
    height, width = large.shape
    opaque = bool((pixels >> np.uint32(24) == 255).all())
    kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32
    return QImage(large.data, width, height, large.strides[0], kind).copy()  # the array can be freed


def sheet(images: Pixels, columns: int) -> Pixels:
    """All images (N, k, H, W) as one (H', W'): the k of a cell side by side, `columns` cells in each row."""
    count, members, height, width = images.shape
    columns = max(1, min(columns, count))
    rows = -(-max(1, count) // columns)
    cell = members * width
    result = np.zeros((rows * (height + GAP) - GAP, columns * (cell + GAP) - GAP), np.uint32)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        top, left = row * (height + GAP), column * (cell + GAP)
        result[top : top + height, left : left + cell] = np.concatenate(list(image), axis=1)
    return result


def pixel_table(pixels: Pixels) -> ValueTable:
    """The levels, 0 to 255, of an image (H, W) as it is shown: a row of the table for each row of pixels.

    Of a coloured one there is a table of red, one of green and one of blue, one below the other.
    """
    levels = {name: (pixels >> np.uint32(shift)) & np.uint32(255) for name, shift in _CHANNELS.items()}
    red, green, blue = levels.values()
    if np.array_equal(red, green) and np.array_equal(red, blue):
        levels = {"grey": red}
    header = ("channel (levels 0 to 255)", "row", *(f"column {at}" for at in range(pixels.shape[1])))
    rows = [(name, at, *row) for name, plane in levels.items() for at, row in enumerate(plane.tolist())]
    return ValueTable(header, rows)


def png_of(image: QImage) -> bytes:
    """The content of a PNG file; raises StudioError if it cannot be encoded."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload] - its types want bytes
        raise StudioError("The picture could not be encoded", where="PNG")
    return bytes(buffer.data().data())
