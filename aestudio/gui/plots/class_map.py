"""The map of a code space: every encoded digit a point in the colour of its class, and a cursor to drag."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.plots.class_legend import ClassLegend
from aestudio.gui.plots.class_marks import ClassMark, class_marks
from aestudio.gui.plots.map_plot import MapPlot
from aestudio.gui.plots.nearest import PointIndex
from aestudio.gui.plots.overlay import table
from aestudio.gui.plots.samples import sample_map
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import channels, mix
from aestudio.gui.widgets.alone import show_alone

if TYPE_CHECKING:
    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.plots.raster import Pixels
    from aestudio.gui.theme.tokens import Theme

_REACH_PIXELS = 10.0
_SHADES = 3
_SHADE_STEP = 0.14


class ClassMap(QWidget):
    """Points to look at, hover over and click; a cross to drag over them.

    point_hovered:  index of the point under the mouse, -1 when there is none any more
    point_selected: index of the point that was clicked
    cursor_moved:   where the person dragged the cross, in the points' coordinates
    """

    point_hovered = Signal(int)
    point_selected = Signal(int)
    cursor_moved = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._xy: Points = np.empty((0, 2), dtype=np.float32)
        self._labels: npt.NDArray[np.int64] | None = None
        self._names: tuple[str, ...] = ()
        self._all_marks: tuple[ClassMark, ...] = ()
        self._index: PointIndex | None = None
        self._hovered = -1
        self.plot = MapPlot(self)
        self.plot.set_hand(False)
        self.plot.setAccessibleName(self.tr("Map of the codes"))
        self.plot.setToolTip(
            self.tr(
                "Drag, click or use the arrow keys to move the cursor.\n"
                "Drag with the right or middle button, or with Space held, to move the map.\n"
                "Wheel to zoom, double-click or Home to see all of it."
            )
        )
        self.legend = ClassLegend(self)
        self.legend.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.plot, 1)
        self._column.addWidget(self.legend)
        self.legend.shown_changed.connect(self._shown_changed)
        self.plot.mouse_over.connect(self._mouse_over)
        self.plot.mouse_left.connect(self._mouse_left)
        self.plot.clicked.connect(self._clicked)
        self.plot.cursor_moved.connect(self.cursor_moved)

    def set_points(
        self, xy: Points, labels: npt.NDArray[np.int64] | None, class_names: tuple[str, ...]
    ) -> None:
        """Show points (N, 2), in the colours of their labels (N,) or grey without any."""
        if xy.ndim != 2 or xy.shape[1] != 2 or (labels is not None and len(labels) != len(xy)):
            raise ValueError(f"points must be (N, 2) with N labels or none, not {xy.shape}")
        self._xy = np.ascontiguousarray(xy, dtype=np.float32)
        self._labels = labels
        self._names = () if labels is None else class_names
        self._index = None
        self._leave_point()
        self.legend.set_names(self._names)
        self._all_marks = () if labels is None else class_marks(self._xy, labels, class_names)
        self.plot.set_box(self._xy)
        self._redraw()

    def set_cursor(self, x: float, y: float) -> None:
        """Put the cross there; emits nothing."""
        self.plot.set_cursor((x, y))

    def hide_cursor(self) -> None:
        """Take the cross away."""
        self.plot.set_cursor(None)

    def set_axis_titles(self, x: str, y: str) -> None:
        """What the two directions are, for instance "z₁" or "First principal component"."""
        self.plot.set_axis_titles(x, y)

    def set_path(self, xy: Points | None) -> None:
        """A line through (M, 2) over the map, as a morph walks it; None takes it away."""
        self.plot.set_path(xy)

    def set_hand(self, hand: bool) -> None:
        """In hand mode the left button moves the map instead of the cursor."""
        self.plot.set_hand(hand)

    def set_empty_text(self, text: str) -> None:
        """The sentence in the middle of a map without points; "" takes it away."""
        self.plot.set_empty_text(text)

    def fit(self) -> None:
        """Show all points."""
        self.plot.fit()

    def _redraw(self) -> None:
        shown = self.legend.shown
        self.plot.cloud.set_points(self._xy, self._colours(shown))
        self.plot.marks.set_marks(tuple(mark for mark in self._all_marks if mark.label in shown))

    def _colours(self, shown: frozenset[int]) -> Pixels:
        theme = current_theme()
        grey = _opaque(mix(theme.panel, theme.muted, 0.8))
        if self._labels is None:
            return np.full(len(self._xy), grey, dtype=np.uint32)
        unknown = len(self._names)
        inks = np.zeros((_SHADES, unknown + 1), dtype=np.uint32)
        for shade in range(_SHADES):
            inks[shade, unknown] = grey
            for label in shown:
                inks[shade, label] = _class_colour(theme, label, shade)
        known = (self._labels >= 0) & (self._labels < unknown)
        return inks[np.arange(len(self._xy)) % _SHADES, np.where(known, self._labels, unknown)]

    def _allowed(self) -> npt.NDArray[np.bool_] | None:
        if self._labels is None or len(self.legend.shown) == len(self._names):
            return None
        return np.isin(self._labels, list(self.legend.shown))

    def _shown_changed(self) -> None:
        self._leave_point()
        self._redraw()

    def _nearest(self, at: QPointF) -> int:
        if self._index is None:
            self._index = PointIndex(self._xy)  # only now: while training runs the points change unhovered
        found = self._index.nearest(at.x(), at.y(), self.plot.reach(_REACH_PIXELS), self._allowed())
        return -1 if found is None else found

    def _mouse_over(self, at: QPointF, pixel: QPointF) -> None:
        found = self._nearest(at)
        if found != self._hovered:
            self._hovered = found
            self.plot.set_ring(None if found < 0 else tuple(self._xy[found].tolist()))
            self.point_hovered.emit(found)
        if found < 0:
            self.plot.read_out.hide()
        else:
            self.plot.read_out.show_at(self._described(found), pixel.toPoint())

    def _mouse_left(self) -> None:
        self._leave_point()

    def _leave_point(self) -> None:
        self.plot.read_out.hide()
        if self._hovered >= 0:
            self._hovered = -1
            self.plot.set_ring(None)
            self.point_hovered.emit(-1)

    def _clicked(self, at: QPointF) -> None:
        found = self._nearest(at)
        if found >= 0:
            self.point_selected.emit(found)

    def _described(self, index: int) -> str:
        theme = current_theme()
        number = self.tr("index {}").format(index)
        label = -1 if self._labels is None else int(self._labels[index])
        if not 0 <= label < len(self._names):
            return table([(theme.muted, number, "")])
        return table([(theme.class_colours[label % len(theme.class_colours)], self._names[label], number)])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if is_theme_change(event) and hasattr(self, "_column"):
            self._column.setSpacing(current_theme().px(current_theme().inside))
            self._redraw()


def _opaque(colour: str) -> int:
    red, green, blue = channels(colour)
    return 0xFF000000 | red << 16 | green << 8 | blue


def _class_colour(theme: Theme, index: int, shade: int) -> int:
    """One of a few shades of a class's colour, so that single points are seen in a dense crowd."""
    colour = theme.class_colours[index % len(theme.class_colours)]
    return _opaque(mix(colour, theme.panel, shade * _SHADE_STEP))


def _sample() -> ClassMap:
    shown = ClassMap()
    xy, labels = sample_map()
    shown.set_axis_titles("z₁", "z₂")
    shown.set_points(xy, labels, tuple("0123456789"))
    shown.set_cursor(0.8, -0.4)
    return shown


if __name__ == "__main__":
    sys.exit(show_alone(_sample, size="760x620"))
