"""Outliers of curves: a range of y without them, and marks at the edge for the points that lie outside.

The range is that of the middle 95 % of each curve's values, so that a few spikes do not flatten all the
rest (TensorBoard and Weights & Biases leave out the lowest and highest twentieth); the newest value of each
curve is in it. No point is lost: those outside are marked at the edge, and counted in a line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from aestudio.gui.plots.ranges import Range, union
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.decimation import Floats

LEFT_OUT = 0.025  # of the values, at either end
_MOST_SORTED = 20_000  # of a longer curve every n-th value is taken
_SIDE, _MARGIN = 4.0, 6.0  # pixels: of a triangle at the edge; from the corner to the line of text


@dataclass(frozen=True, eq=False)
class Outside:
    """Points of one curve outside the shown range: their x (N,) above and below, and the farthest values."""

    colour: str
    above: Floats
    below: Floats
    highest: float
    lowest: float


def middle_range(values: Floats) -> Range | None:
    """The range of the middle 95 % of the values (N,), and of the last one; None without any finite one."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None
    some = finite[:: max(1, math.ceil(len(finite) / _MOST_SORTED))]
    low, high = np.quantile(some, (LEFT_OUT, 1 - LEFT_OUT))
    last = float(finite[-1])
    return union((float(low), float(high)), (last, last))


def outside(x: Floats, y: Floats, x_range: Range, y_range: Range, colour: str) -> Outside:
    """Which points at x, y (N,) lie above or below y_range, among those that are shown along x."""
    shown = (x >= x_range[0]) & (x <= x_range[1])
    above, below = shown & (y > y_range[1]), shown & (y < y_range[0])
    highest = float(y[above].max()) if above.any() else math.nan
    lowest = float(y[below].min()) if below.any() else math.nan
    return Outside(colour, x[above], x[below], highest, lowest)


class ClippedPoints(pg.GraphicsObject):
    """Triangles at the edges of a view box, painted in its pixels, and a line that counts them."""

    def __init__(self, view_box: pg.ViewBox, *, worded: bool = True) -> None:
        """worded: whether the line is written; small plots have no room for it"""
        super().__init__()
        self._view_box, self._worded = view_box, worded
        self._points: tuple[Outside, ...] = ()
        self.text = ""
        self.setParentItem(view_box)
        self.setZValue(6)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        view_box.sigResized.connect(self._resized)

    @property
    def points(self) -> tuple[Outside, ...]:
        """What is marked, curve by curve."""
        return self._points

    def show_points(self, points: Sequence[Outside], text: str) -> None:
        """Mark these points. text: the line; "" for none"""
        if points or self._points:
            self._points, self.text = tuple(points), text
            self.update()

    def boundingRect(self) -> QRectF:
        """The view box."""
        return self._view_box.boundingRect()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """A triangle for each point, at most one for each of its widths."""
        theme, area = current_theme(), self.boundingRect()
        side = _SIDE * theme.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for points in self._points:
            painter.setBrush(QColor(points.colour))
            for at in self._places(points.above, side):
                top = QPointF(at, area.top())
                corners = [top, top + QPointF(-side, 1.5 * side), top + QPointF(side, 1.5 * side)]
                painter.drawPolygon(QPolygonF(corners))
            for at in self._places(points.below, side):
                foot = QPointF(at, area.bottom())
                corners = [foot, foot + QPointF(-side, -1.5 * side), foot + QPointF(side, -1.5 * side)]
                painter.drawPolygon(QPolygonF(corners))
        if self._worded and self.text:
            self._paint_text(painter, area)

    def _paint_text(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        used = font(theme, theme.caption_size)
        metrics = QFontMetricsF(used)
        text = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, area.width() - 2 * _MARGIN)
        width = metrics.horizontalAdvance(text)
        right = area.right() - theme.px(_MARGIN)
        box = QRectF(
            right - width - 2, area.bottom() - metrics.height() - theme.px(8), width + 4, metrics.height()
        )
        painter.fillRect(box, QColor(theme.panel))
        painter.setFont(used)
        painter.setPen(QColor(theme.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _places(self, x: Floats, side: float) -> list[float]:
        """Pixels from the left of these x, ascending and not nearer to each other than a triangle is wide."""
        low, high = self._view_box.viewRange()[0]
        pixels = (x - low) / max(high - low, 1e-300) * self._view_box.width()
        cells = np.unique(np.floor(pixels / (2 * side)))
        return ((cells + 0.5) * 2 * side).tolist() if len(pixels) > 1 else pixels.tolist()

    def _resized(self) -> None:
        self.prepareGeometryChange()
        self.update()
