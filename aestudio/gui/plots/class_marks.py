"""The name of each class written at its centre: colour alone would not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.point_cloud import Points

_SHORT = 2
"""Names up to this length are written large."""


@dataclass(frozen=True)
class ClassMark:
    """A class's name at data coordinates."""

    label: int
    text: str
    x: float
    y: float


def class_marks(xy: Points, labels: npt.NDArray[np.int64], names: tuple[str, ...]) -> tuple[ClassMark, ...]:
    """Each class's name at the point of it that is nearest to its median, so that it lies within it."""
    marks = []
    for index, name in enumerate(names):
        members = xy[(labels == index) & np.isfinite(xy).all(axis=1)]
        if len(members):
            apart = ((members - np.median(members, axis=0)) ** 2).sum(axis=1)
            x, y = members[apart.argmin()].tolist()
            marks.append(ClassMark(index, name, x, y))
    return tuple(marks)


def moved_apart(
    centres: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], rounds: int = 40
) -> npt.NDArray[np.float64]:
    """Centres (N, 2) of boxes of `sizes` (N, 2), pushed until no two overlap or the rounds are over."""
    places = centres.astype(np.float64)
    for _ in range(rounds):
        apart = places[:, None] - places[None]  # (N, N, 2)
        overlap = (sizes[:, None] + sizes[None]) / 2 - np.abs(apart)
        hit = (overlap > 0).all(axis=2) & ~np.eye(len(places), dtype=bool)
        if not hit.any():
            break
        axis = overlap.argmin(axis=2)
        order = np.arange(len(places))
        tie = np.where(order[:, None] > order[None], 1.0, -1.0)
        for dimension in range(2):
            away = np.where(apart[..., dimension] == 0, tie, np.sign(apart[..., dimension]))
            push = np.where(hit & (axis == dimension), away * (overlap[..., dimension] / 2 + 0.5), 0)
            places[:, dimension] += push.sum(axis=1) * 0.5
    return places


class ClassMarks(pg.GraphicsObject):
    """Draws the names in pixels, whatever the zoom, with a rim of the background's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: tuple[ClassMark, ...] = ()

    def set_marks(self, marks: tuple[ClassMark, ...]) -> None:
        """Show these names."""
        self._marks = marks
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The whole view: names are pushed apart in it."""
        view_box = self.getViewBox()
        return QRectF() if view_box is None else view_box.viewRect()

    def viewTransformChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The view is another one, and so is the bounding box."""
        self.prepareGeometryChange()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - Qt calls it so
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        if not self._marks:
            return
        to_widget = painter.worldTransform()
        large = all(len(mark.text) <= _SHORT for mark in self._marks)
        face = _face(large)
        metrics = QFontMetricsF(face)
        at = [to_widget.map(QPointF(mark.x, mark.y)) for mark in self._marks]
        centres = np.array([(point.x(), point.y()) for point in at])
        sizes = np.array([(metrics.horizontalAdvance(mark.text) + 4, metrics.capHeight() + 8)
                          for mark in self._marks])  # fmt: skip
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, (x, y) in zip(self._marks, moved_apart(centres, sizes), strict=True):
            left = x - metrics.horizontalAdvance(mark.text) / 2
            _paint_name(painter, mark.text, QPointF(left, y + metrics.capHeight() / 2), face)
        painter.restore()


def _face(large: bool) -> QFont:
    theme = current_theme()
    return font(theme, theme.heading_size if large else theme.body_size, QFont.Weight.Bold)


def _paint_name(painter: QPainter, text: str, baseline: QPointF, face: QFont) -> None:
    theme = current_theme()
    path = QPainterPath()
    path.addText(baseline, face, text)
    rim = QPen(QColor(theme.panel), theme.px(5))
    rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, rim)
    painter.fillPath(path, QColor(theme.text))
