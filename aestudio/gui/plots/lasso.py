"""An outline drawn by hand around points, and which points lie in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.point_cloud import Points

_FINE = 2048
"""Cells across the outline's longer side, finer than any screen draws it."""

_FILL_ALPHA = 40  # of 255


def inside_outline(xy: Points, outline: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points (N, 2) lie inside a closed outline (M, 2), where it crosses itself by even and odd.

    The outline is filled as a picture of 2048 cells across, in which the points are looked up: a point
    nearer to the outline than one of them may be taken for either. Nothing lies inside of M < 3 points.
    """
    inside = np.zeros(len(xy), np.bool_)
    if len(outline) < 3:
        return inside
    low, high = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero((xy >= low).all(axis=1) & (xy <= high).all(axis=1))
    longest = float((high - low).max())
    if not len(near) or longest <= 0:
        return inside
    scale = (_FINE - 1) / longest
    corners = (outline - low) * scale
    image = QImage(_FINE + 1, _FINE + 1, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with painting(image) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(_polygon(corners), Qt.FillRule.OddEvenFill)
    filled = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    cells = ((xy[near] - low) * scale).astype(np.intp)
    inside[near] = filled[cells[:, 1], cells[:, 0]] > 0
    return inside


def _polygon(corners: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners.tolist()])


class LassoOutline(PixelOverlay):
    """The outline while it is being drawn, in data coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self._corners: list[tuple[float, float]] = []

    @property
    def corners(self) -> NDArray[np.float64]:
        """(M, 2) where the outline went so far."""
        return np.array(self._corners, np.float64).reshape(-1, 2)

    @property
    def begun(self) -> bool:
        """Whether an outline is being drawn."""
        return bool(self._corners)

    def add(self, at: QPointF) -> None:
        """The outline goes on to here."""
        self._corners.append((at.x(), at.y()))
        self.update()

    def clear(self) -> None:
        """Take the outline away."""
        self._corners.clear()
        self.update()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if not self._corners:
            return
        theme = current_theme()
        path = QPolygonF([to_widget.map(QPointF(x, y)) for x, y in self._corners])
        fill = QColor(theme.accent)
        fill.setAlpha(_FILL_ALPHA)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(path, Qt.FillRule.OddEvenFill)
        painter.setPen(QPen(QColor(theme.accent), theme.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(path)
