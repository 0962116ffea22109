"""The image of a drawing pad: soft round strokes in grey or colour, eraser and undo; no widget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape

LONGER_SIDE = 280  # pixels of a sheet, or a little less: a whole number for each pixel of an image
# The strokes of handwritten digits are about a tenth as wide as the image, with soft edges.
# Rings of a stroke as (width, grey), the widest and faintest first, on a sheet whose shorter side is 280.
_RINGS = ((30.0, 40), (28.0, 80), (26.0, 125), (24.0, 170), (22.0, 210), (19.0, 240), (16.0, 255))
_ERASER = ((44.0, 0),)
_MAXIMUM_UNDO = 50
_BLACK = 0xFF000000


class DrawingSheet:
    """A black image in the proportions of `shape`, on which a white pen or, in colour, any pen draws.

    In grey, crossing strokes take the lighter of both; in colour, a new stroke covers what is below it.
    """

    def __init__(self, shape: ImageShape) -> None:
        self._shape = shape
        per_pixel = LONGER_SIDE // max(shape.height, shape.width)
        self.size = QSize(per_pixel * shape.width, per_pixel * shape.height)
        self.pen = QColor("white")
        self._pen_scale = min(self.size.width(), self.size.height()) / LONGER_SIDE
        self._undo_stack: list[QImage] = []
        self.image = self._blank()
        self._before = self._blank()  # the stroke, without its colour, and what it covers
        self._coverage = self._blank()

    def pixels(self) -> NDArray[np.uint8]:
        """Return a copy of the drawing, uint8 (H, W) in grey, 255 = ink, or (3, H, W) in colour."""
        colours = _array(self.image)
        return colours[..., 0].copy() if self._shape.grey else colours[..., 2::-1].transpose(2, 0, 1).copy()

    @property
    def empty(self) -> bool:
        return not self.pixels().any()

    @property
    def can_undo(self) -> bool:
        return bool(self._undo_stack)

    def begin(self) -> None:
        """Store the current drawing for `undo`; a stroke begins."""
        self._undo_stack.append(self.image.copy())
        del self._undo_stack[:-_MAXIMUM_UNDO]
        self._begin_colour()

    def stroke(self, start: QPointF, end: QPointF, *, erase: bool = False, pressure: float = 1.0) -> None:
        """Draw or erase a line, in pixels of the sheet; a pressure below 1 makes it thinner."""
        scale = self._pen_scale * (0.5 + 0.5 * pressure)
        if erase:
            _draw(self.image, start, end, _ERASER, scale)
            self._begin_colour()
        elif self._shape.grey:
            _draw(self.image, start, end, _RINGS, scale, lighten=True)
        else:
            _draw(self._coverage, start, end, _RINGS, scale, lighten=True)
            self._colour(start, end, scale)

    def put(self, image: NDArray[np.uint8]) -> None:
        """Show an image of the sheet's shape, uint8 (C, H, W), instead of the drawing; can be undone."""
        self.begin()
        factor = self.size.width() // self._shape.width
        large = np.broadcast_to(image, (3, *image.shape[1:])).repeat(factor, 1).repeat(factor, 2)
        _array(self.image)[..., :3] = large[::-1].transpose(1, 2, 0)
        self._begin_colour()

    def clear(self) -> None:
        self.begin()
        self.image.fill(_BLACK)

    def undo(self) -> None:
        """Undo the last stroke or clearing; no effect if there was none."""
        if self._undo_stack:
            self.image = self._undo_stack.pop()

    def _blank(self) -> QImage:
        image = QImage(self.size, QImage.Format.Format_RGB32)
        image.fill(_BLACK)
        return image

    def _begin_colour(self) -> None:
        if not self._shape.grey:
            self._before = self.image.copy()
            self._coverage.fill(_BLACK)

    def _colour(self, start: QPointF, end: QPointF, scale: float) -> None:
        """Mix the pen's colour over what the stroke covers, around a line of it."""
        reach = math.ceil(scale * _RINGS[0][0] / 2) + 1
        left, right = sorted((start.x(), end.x()))
        top, bottom = sorted((start.y(), end.y()))
        rows = slice(max(0, int(top) - reach), max(0, int(bottom) + reach + 1))
        columns = slice(max(0, int(left) - reach), max(0, int(right) + reach + 1))
        share = _array(self._coverage)[rows, columns, :1].astype(np.float32) / 255
        below = _array(self._before)[rows, columns, :3].astype(np.float32)
        ink = np.array([self.pen.blue(), self.pen.green(), self.pen.red()], np.float32)
        _array(self.image)[rows, columns, :3] = np.rint(below + (ink - below) * share)


def _array(image: QImage) -> NDArray[np.uint8]:
    """The memory of an image, uint8 (H, W, 4): blue, green, red and nothing."""
    return np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.width(), 4)


def _draw(
    image: QImage,
    start: QPointF,
    end: QPointF,
    rings: tuple[tuple[float, int], ...],
    scale: float,
    *,
    lighten: bool = False,
) -> None:
    """Draw a line of rings (width, grey). lighten: the maximum of old and new, so that nothing darkens."""
    with painting(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if lighten:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        for width, grey in rings:
            pen = QPen(QColor(grey, grey, grey), width * scale)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if start == end:
                painter.drawPoint(start)
            else:
                painter.drawLine(start, end)
