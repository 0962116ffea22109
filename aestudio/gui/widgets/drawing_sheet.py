"""The image of a drawing pad: soft round strokes, eraser and undo; no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAPER = 280  # pixels in each direction, ten per pixel of MNIST
# MNIST's strokes are two to three pixels wide of 28, with soft edges.
# Rings of a stroke as (width, grey), the widest and faintest first.
_RINGS = ((30.0, 40), (28.0, 80), (26.0, 125), (24.0, 170), (22.0, 210), (19.0, 240), (16.0, 255))
_MAXIMUM_UNDO = 50


class DrawingSheet:
    """A grey image of 280 x 280 pixels, 0 = background, 255 = ink."""

    def __init__(self) -> None:
        self.image = QImage(QSize(PAPER, PAPER), QImage.Format.Format_RGB32)
        self.image.fill(0xFF000000)
        self._undo_stack: list[QImage] = []

    def pixels(self) -> NDArray[np.uint8]:
        """Return a copy of the drawing, uint8 (280, 280), 0 = background, 255 = ink."""
        rows = np.frombuffer(self.image.constBits(), np.uint8)
        return rows.reshape(PAPER, PAPER, 4)[..., 0].copy()

    @property
    def empty(self) -> bool:
        return not self.pixels().any()

    @property
    def can_undo(self) -> bool:
        return bool(self._undo_stack)

    def begin(self) -> None:
        """Store the current drawing for `undo`."""
        self._undo_stack.append(self.image.copy())
        del self._undo_stack[:-_MAXIMUM_UNDO]

    def stroke(self, start: QPointF, end: QPointF, *, erase: bool = False, pressure: float = 1.0) -> None:
        """Draw or erase a line, in pixels of the sheet; a pressure below 1 makes it thinner."""
        with painting(self.image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not erase:  # the maximum of old and new: crossing strokes neither darken nor widen
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
            rings = ((44.0, 0),) if erase else _RINGS
            for width, grey in rings:
                pen = QPen(QColor(grey, grey, grey), width * (0.5 + 0.5 * pressure))
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                if start == end:
                    painter.drawPoint(start)
                else:
                    painter.drawLine(start, end)

    def clear(self) -> None:
        self.begin()
        self.image.fill(0xFF000000)

    def undo(self) -> None:
        """Undo the last stroke or clearing; no effect if there was none."""
        if self._undo_stack:
            self.image = self._undo_stack.pop()
