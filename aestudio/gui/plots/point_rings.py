"""Rings around single points of a map, as of tagged images; they follow the points as these move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import colour_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.plots.point_cloud import PointCloud
    from aestudio.gui.theme.tokens import ColourRole, Theme

_LOOKS: tuple[tuple[ColourRole, Qt.PenStyle], ...] = (
    ("bad", Qt.PenStyle.SolidLine),
    ("warn", Qt.PenStyle.DashLine),
    ("text", Qt.PenStyle.DotLine),
)
LOOKS = len(_LOOKS)
_WIDTH, _AROUND, _BETWEEN = 2.0, 4.0, 4.0  # logical pixels: of a ring, from the dot to it, between two rings
_HALO = 2.0  # logical pixels on both sides, in the colour of the background


@dataclass(frozen=True)
class Ring:
    """index: of the point; look: 0 ... LOOKS - 1, its colour and its dashes; place: 0 for the innermost."""

    index: int
    look: int
    place: int = 0


@dataclass(frozen=True)
class RingedPoints:
    """Rings, and what they mean.

    names: of the looks that are used, for a legend: (name, look)
    texts: of single points, by index, for a table
    """

    rings: tuple[Ring, ...] = ()
    names: tuple[tuple[str, int], ...] = ()
    texts: Mapping[int, str] = field(default_factory=dict)


def ring_pen(theme: Theme, look: int, width: float) -> QPen:
    """The pen of a ring; the dashes tell rings apart where colours do not."""
    role, style = _LOOKS[look]
    pen = QPen(QColor(colour_of(theme, role)), width, style)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


class PointRings(PixelOverlay):
    """Draws the rings around the points that the cloud shows; where images are shown, around those."""

    def __init__(self, cloud: PointCloud) -> None:
        super().__init__()
        self._cloud = cloud
        self.points = RingedPoints()

    def set_points(self, points: RingedPoints) -> None:
        """Show these rings."""
        if points != self.points:
            self.points = points
            self.update()

    def places(self) -> list[tuple[Ring, float, float]]:
        """Each ring with the place of its point; those of hidden points are left out."""
        rings = self.points.rings
        found = self._cloud.places(np.array([ring.index for ring in rings], np.intp))
        return [
            (ring, x, y)
            for ring, (x, y) in zip(rings, found.tolist(), strict=True)
            if np.isfinite(x) and np.isfinite(y)
        ]

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if not self.points.rings:
            return
        theme = current_theme()
        side = self._cloud.image_side
        half = side / 2 if side else self._cloud.dot / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        scale = theme.scale
        for ring, x, y in self.places():
            if side and not self._cloud.has_image(ring.index):
                continue  # covered by the image of a neighbour
            reach = half + scale * (_AROUND + ring.place * _BETWEEN)
            at = to_widget.map(QPointF(x, y))
            box = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
            round_by = scale * _AROUND if side else reach
            painter.setPen(QPen(QColor(theme.panel), scale * (_WIDTH + _HALO)))
            painter.drawRoundedRect(box, round_by, round_by)
            painter.setPen(ring_pen(theme, ring.look, scale * _WIDTH))
            painter.drawRoundedRect(box, round_by, round_by)
