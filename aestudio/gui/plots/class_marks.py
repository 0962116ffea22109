"""The name of each class, written at its centre, because colour alone is not enough."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QTransform

from aestudio.gui.plots.pixel_overlay import PixelOverlay
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.theme.tokens import Theme

_MOST_CACHED = 256
_SHORT = 2
"""Names up to this length are written large."""
_LONGEST = 16  # characters of a name on the map
_FEW = 20
"""Up to this number names are moved apart; of more, those that overlap a larger class's name are left out."""
_ROOM = 20  # logical pixels between these names, in which points are seen
_HALO, _HALO_ALPHA = 3.5, 190  # logical pixels around the letters, and its opacity: points shine through


@dataclass(frozen=True)
class ClassMark:
    """A class's name at data coordinates; count: how many points the class has; index: the point there."""

    label: int
    text: str
    x: float
    y: float
    count: int = 1
    index: int = field(default=-1, compare=False)


def class_marks(xy: Points, labels: npt.NDArray[np.int64], names: tuple[str, ...]) -> tuple[ClassMark, ...]:
    """Place each class's name at its point nearest to the median of its points, so within the class.

    xy: float32 (N, 2), or (N, 3) with a coordinate that only decides which point is in the middle
    labels: int64 (N,), indices into `names`
    """
    known = np.flatnonzero(np.isfinite(xy).all(axis=1) & (labels >= 0) & (labels < len(names)))
    known = known[np.argsort(labels[known], kind="stable")]
    ends = np.searchsorted(labels[known], np.arange(len(names) + 1))
    marks = []
    for index, name in enumerate(names):
        which = known[ends[index] : ends[index + 1]]
        if len(which):
            members = xy[which]
            nearest = ((members - np.median(members, axis=0)) ** 2).sum(axis=1).argmin()
            x, y = members[nearest, :2].tolist()
            text = one_line(name, _LONGEST)
            marks.append(ClassMark(index, text, x, y, len(members), int(which[nearest])))
    return tuple(marks)


def moved_apart(
    centres: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], rounds: int = 40
) -> npt.NDArray[np.float64]:
    """Push centres (N, 2) of boxes of `sizes` (N, 2) apart until none overlap, or for `rounds` rounds."""
    positions = centres.astype(np.float64)
    for _ in range(rounds):
        apart = positions[:, None] - positions[None]  # (N, N, 2)
        overlap = (sizes[:, None] + sizes[None]) / 2 - np.abs(apart)
        hit = (overlap > 0).all(axis=2) & ~np.eye(len(positions), dtype=bool)
        if not hit.any():
            break
        axis = overlap.argmin(axis=2)
        order = np.arange(len(positions))
        tie = np.where(order[:, None] > order[None], 1.0, -1.0)
        for dimension in range(2):
            away = np.where(apart[..., dimension] == 0, tie, np.sign(apart[..., dimension]))
            push = np.where(hit & (axis == dimension), away * (overlap[..., dimension] / 2 + 0.5), 0)
            positions[:, dimension] += push.sum(axis=1) * 0.5
    return positions


def not_overlapping(
    centres: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], order: npt.NDArray[np.intp]
) -> list[int]:
    """Of boxes of `sizes` (N, 2) around centres (N, 2), those that overlap none taken before, in `order`."""
    taken: list[int] = []
    for index in order.tolist():
        others = np.array(taken, np.intp)
        apart = np.abs(centres[others] - centres[index]) - (sizes[others] + sizes[index]) / 2
        if not (apart < 0).all(axis=1).any():
            taken.append(index)
    return taken


class ClassMarks(PixelOverlay):
    """Draws the names at a fixed size in pixels, with an outline in the background's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: tuple[ClassMark, ...] = ()
        self._drawn: tuple[object, list[tuple[QPointF, QPixmap]]] = (None, [])
        self._others: Callable[[], object] = bool
        self._compact = False
        # Outlining letters takes longer than drawing the rest of the map, so the pixmaps are cached.
        self._cache: dict[tuple[str, bool, float, Theme], QPixmap] = {}

    def hide_while(self, others: Callable[[], object]) -> None:
        """Hide the names while `others()` is true: something else is drawn in their place."""
        self._others = others

    def set_compact(self, compact: bool) -> None:
        """Small letters, for a map that is one of several."""
        self._compact = compact
        self._drawn = (None, [])
        self.update()

    def set_marks(self, marks: tuple[ClassMark, ...]) -> None:
        """Show these names."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        if not self._marks or self._others():
            return
        ratio = painter.device().devicePixelRatio()
        # Their offsets from each other depend only on the zoom: panning moves all of them together.
        key = (self._marks, to_widget.m11(), to_widget.m22(), ratio, current_theme())
        if self._drawn[0] != key:
            self._drawn = (key, self._images(to_widget, ratio))
        origin = to_widget.map(QPointF(self._marks[0].x, self._marks[0].y))
        for offset, image in self._drawn[1]:
            corner = origin + offset
            painter.drawPixmap(
                QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), image
            )

    def _images(self, to_widget: QTransform, ratio: float) -> list[tuple[QPointF, QPixmap]]:
        """Each name as a pixmap, and its upper left corner relative to the position of the first mark."""
        short = all(len(mark.text) <= _SHORT for mark in self._marks)
        large, theme = short and not self._compact, current_theme()
        metrics = QFontMetricsF(_face(large))
        at = [to_widget.map(QPointF(mark.x, mark.y)) for mark in self._marks]
        centres = np.array([(point.x(), point.y()) for point in at])
        sizes = np.array(
            [(metrics.horizontalAdvance(mark.text) + 4, metrics.capHeight() + 8) for mark in self._marks]
        )
        if len(self._marks) <= _FEW:
            which, centres = list(range(len(self._marks))), moved_apart(centres, sizes)
        else:
            order = np.argsort([-mark.count for mark in self._marks], kind="stable")
            which = not_overlapping(centres, sizes + theme.px(_ROOM), order)[:_FEW]
        placed = []
        for index in which:
            x, y = centres[index].tolist()
            image = self._image(self._marks[index].text, large, ratio, theme)
            size = image.deviceIndependentSize()
            placed.append((QPointF(x - size.width() / 2, y - size.height() / 2) - at[0], image))
        return placed

    def _image(self, *key: Any) -> QPixmap:
        if key not in self._cache:
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[key] = _image_of(*key)
        return self._cache[key]


def _face(large: bool) -> QFont:
    theme = current_theme()
    return font(theme, theme.label_size + 1 if large else theme.body_size, QFont.Weight.Bold)


def _image_of(text: str, large: bool, ratio: float, theme: Theme) -> QPixmap:
    """A name with a faint halo in the background's colour, its capitals in the middle of the pixmap."""
    face = _face(large)
    metrics = QFontMetricsF(face)
    rim = theme.px(_HALO)
    # A margin on all sides holds descenders, and strokes that reach beyond the letters' advance.
    margin = metrics.descent() + rim
    width, height = metrics.horizontalAdvance(text) + 2 * margin, metrics.capHeight() + 2 * margin
    image = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(margin, margin + metrics.capHeight()), face, text)
    halo = QColor(theme.panel)
    halo.setAlpha(_HALO_ALPHA)
    pen = QPen(halo, rim)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    with painting(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, pen)
        painter.fillPath(path, QColor(theme.text))
    return image
