"""Trails over the map and ellipses around codes, drawn with line widths in pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.map_layers import Trail
    from aestudio.gui.theme.tokens import Theme

_FAINTEST = 30  # alpha at a trail's beginning, of 255
_MOST_PIECES = 64  # steps in which a trail fades
_RING = 14
_CORNERS = 64
# (standard deviations, alpha of the fill, of the line): faint, because a few of them may cover the whole map
_STDS = ((1, 14, 200), (2, 0, 90))


def ellipse_outline(
    at: tuple[float, float], covariance: NDArray[np.float64], stds: float
) -> NDArray[np.float64]:
    """Points (64, 2) of the ellipse `stds` standard deviations around `at`; covariance (2, 2)."""
    variances, axes = np.linalg.eigh(np.asarray(covariance, np.float64))
    radii = stds * np.sqrt(np.maximum(variances, 0))
    angle = np.linspace(0, 2 * math.pi, _CORNERS, endpoint=False)
    return np.stack((np.cos(angle), np.sin(angle)), axis=1) * radii @ axes.T + at


class Ellipse(PixelOverlay):
    """The posterior of a code: one and two standard deviations around its mean."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[float, float], NDArray[np.float64]] | None = None

    def set_ellipse(self, at: tuple[float, float] | None, covariance: NDArray[np.float64] | None) -> None:
        """Show the ellipses of a covariance, float64 (2, 2), around `at`; None removes them."""
        old, self._shown = self._shown, None if at is None or covariance is None else (at, covariance)
        if old is not None or self._shown is not None:
            self.update()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if self._shown is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ellipse(painter, to_widget, *self._shown, QColor(current_theme().text))


def draw_ellipse(
    painter: QPainter,
    to_widget: QTransform,
    at: tuple[float, float],
    covariance: NDArray[np.float64],
    ink: QColor,
) -> None:
    """Draw the ellipses of one and two standard deviations of a covariance (2, 2), in the widget's pixels."""
    for stds, fill, line in reversed(_STDS):
        outline = QPainterPath()
        corners = ellipse_outline(at, covariance, stds).tolist()
        outline.moveTo(to_widget.map(QPointF(*corners[-1])))
        for corner in corners:
            outline.lineTo(to_widget.map(QPointF(*corner)))
        painter.setPen(QPen(_with_alpha(ink, line), 1.5))
        painter.setBrush(_with_alpha(ink, fill))
        painter.drawPath(outline)


class Trails(PixelOverlay):
    """Lines that fade towards their beginning, with a ring and a name at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._trails: tuple[Trail, ...] = ()

    def set_trails(self, trails: tuple[Trail, ...]) -> None:
        """Show these trails."""
        if len(trails) != len(self._trails) or any(
            new is not old for new, old in zip(trails, self._trails, strict=True)
        ):
            self._trails = trails
            self.update()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if not self._trails:
            return
        theme = current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for trail in self._trails:
            if trail.ellipse is not None:
                x, y = trail.xy[-1].tolist()
                draw_ellipse(painter, to_widget, (x, y), trail.ellipse, QColor(theme.accent))
            line = [to_widget.map(QPointF(x, y)) for x, y in trail.xy.tolist()]
            self._paint_line(painter, line, theme)
            self._paint_end(painter, line[-1], trail.name, theme)

    def _paint_line(self, painter: QPainter, line: list[QPointF], theme: Theme) -> None:
        pieces = min(_MOST_PIECES, len(line) - 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for piece in range(pieces):
            first = piece * (len(line) - 1) // pieces
            last = (piece + 1) * (len(line) - 1) // pieces
            ink = QColor(theme.accent)
            ink.setAlpha(round(_FAINTEST + (255 - _FAINTEST) * (piece + 1) / pieces))
            rim = QColor(theme.panel)  # so that the line is visible over points of its own colour
            rim.setAlpha(ink.alpha())
            for colour, width in ((rim, 5), (ink, 2.5)):
                pen = QPen(colour, theme.px(width))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawPolyline(line[first : last + 1])

    def _paint_end(self, painter: QPainter, at: QPointF, name: str, theme: Theme) -> None:
        radius = theme.px(_RING) / 2
        painter.setBrush(QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.panel), theme.px(6)))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(QPen(QColor(theme.accent), theme.px(2.5)))
        painter.drawEllipse(at, radius, radius)
        text = QPainterPath()
        text.addText(at + QPointF(radius + theme.px(6), -radius / 2), font(theme, theme.label_size), name)
        painter.strokePath(text, QPen(QColor(theme.panel), theme.px(4)))
        painter.fillPath(text, QColor(theme.text))


def _with_alpha(ink: QColor, alpha: int) -> QColor:
    colour = QColor(ink)
    colour.setAlpha(alpha)
    return colour
