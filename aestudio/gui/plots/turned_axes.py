"""The three axes of a map that is turned: lines through its middle with their names at the ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix

if TYPE_CHECKING:
    from aestudio.gui.plots.turning import Positions

_LENGTH = 0.86  # of the radius, so that the names are inside
_NEAR, _FAR = 0.75, 0.35  # of the text's colour, of the half towards the viewer and of the other
_HALO = 3  # logical pixels around letters
_PAD = 4  # around a name
_ROOM = 8  # from the end of an axis to the middle of its name


class TurnedAxes(PixelOverlay):
    """ends: as they are seen, float32 (3, 3): each axis's end in data coordinates and its depth"""

    def __init__(self) -> None:
        super().__init__()
        self._centre, self._ends = np.zeros(2, np.float32), np.zeros((3, 3), np.float32)
        self._names = ("", "", "")
        self.setVisible(False)

    def set_axes(self, centre: Positions, matrix: Positions, radius: float, names: tuple[str, ...]) -> None:
        """Show axes through a centre (2,): the columns of a turn's matrix (3, 3) are where they point to."""
        self._centre = centre
        ends = matrix.T.copy()
        ends[:, :2] *= _LENGTH * radius
        ends[:, :2] += centre
        self._ends, self._names = ends, (names[0], names[1], names[2])
        self.setVisible(True)
        self.update()

    def clear(self) -> None:
        """Show none."""
        self.setVisible(False)

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = to_widget.map(QPointF(*self._centre.tolist()))
        view = to_widget.mapRect(self.boundingRect())
        order = np.argsort(self._ends[:, 2], kind="stable").tolist()
        for axis in order:
            x, y, depth = self._ends[axis].tolist()
            end = to_widget.map(QPointF(x, y))
            self._draw_axis(painter, centre, end, near=depth >= 0)
        for axis in order:
            end = to_widget.map(QPointF(*self._ends[axis, :2].tolist()))
            _draw_name(painter, self._names[axis], centre, end, view)

    def _draw_axis(self, painter: QPainter, centre: QPointF, end: QPointF, *, near: bool) -> None:
        theme, other = current_theme(), centre * 2 - end
        for point, strong in ((other, not near), (end, near)):
            # Opaque: transparent lines take six times as long.
            ink = mix(theme.panel, theme.text, _NEAR if strong else _FAR)
            painter.setPen(QPen(QColor(ink), theme.px(1.5 if strong else 1)))
            painter.drawLine(centre, point)


def _draw_name(painter: QPainter, name: str, centre: QPointF, end: QPointF, view: QRectF) -> None:
    """The name beyond the end of its axis, inside the view."""
    theme = current_theme()
    face = font(theme)
    metrics = QFontMetricsF(face)
    width, height = metrics.horizontalAdvance(name), metrics.capHeight()
    along = end - centre
    length = max(1.0, (along.x() ** 2 + along.y() ** 2) ** 0.5)
    room = theme.px(_ROOM)
    middle = end + QPointF(along.x() / length * (room + width / 2), along.y() / length * (room + height / 2))
    left = min(max(middle.x() - width / 2, view.left() + room), view.right() - room - width)
    base = min(max(middle.y() + height / 2, view.top() + room + height), view.bottom() - room)
    # An axis towards the viewer ends among the points: its name lies on a ground of its own.
    ground = QRectF(left, base - height, width, height).adjusted(-_PAD, -_PAD, _PAD, _PAD)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.panel))
    painter.drawRoundedRect(ground, _PAD, _PAD)
    path = QPainterPath()
    path.addText(QPointF(left, base), face, name)
    pen = QPen(QColor(theme.panel), theme.px(_HALO))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, QColor(theme.text))
