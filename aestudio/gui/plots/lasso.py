"""An outline that the user draws around points, and which points it contains."""

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
"""Cells along the outline's longer side, finer than any screen."""

_FILL_ALPHA = 40  # of 255


def inside_outline(xy: Points, outline: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points (N, 2) are inside a closed outline (M, 2), by the even-odd rule; bool (N,).

    The outline is filled in an image 2048 cells across, from which the points are read. A point that is
    nearer to the outline than one cell may count as either. An outline of M < 3 points contains nothing.
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


def with_modifiers(
    inside: NDArray[np.bool_], selected: NDArray[np.bool_] | None, modifiers: Qt.KeyboardModifier
) -> NDArray[np.bool_]:
    """The selection bool (N,) after an outline: what is inside, with Shift added, with Alt taken away."""
    if selected is not None and modifiers & Qt.KeyboardModifier.ShiftModifier:
        return inside | selected
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return np.zeros_like(inside) if selected is None else selected & ~inside
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
        """The outline so far, float64 (M, 2)."""
        return np.array(self._corners, np.float64).reshape(-1, 2)

    @property
    def begun(self) -> bool:
        """Whether an outline is being drawn."""
        return bool(self._corners)

    def add(self, at: QPointF) -> None:
        """Continue the outline to this point."""
        self._corners.append((at.x(), at.y()))
        self.update()

    def clear(self) -> None:
        """Remove the outline."""
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
