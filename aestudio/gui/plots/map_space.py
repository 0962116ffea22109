"""The third axis of a map: where its points, names and marks are as they are seen from the present side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from aestudio.gui.plots.map_turner import MapTurner
from aestudio.gui.plots.turned_axes import TurnedAxes
from aestudio.gui.plots.turning import Space, picked, seen, space_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF

    from aestudio.gui.plots.class_marks import ClassMark
    from aestudio.gui.plots.map_plot import MapPlot
    from aestudio.gui.plots.point_cloud import Points

_ABOVE_MARKS = 3.5  # the axes lie over the points and the names


class MapSpace(QObject):
    """Belongs to one plot. Without a third axis everything is where its coordinates say.

    positions are float32 (N, 2), or (N, 3) with the coordinate towards the viewer
    hovered: whether a point is under the mouse, so that it must not move away
    """

    def __init__(self, plot: MapPlot, hovered: Callable[[], bool]) -> None:
        super().__init__(plot)
        self._plot, self._hovered = plot, hovered
        self._names = ("", "", "")
        self.space: Space | None = None
        self._cursor: tuple[float, ...] | None = None
        self.turner = MapTurner(self._stands_still, self)
        self.axes = TurnedAxes()
        self.axes.setZValue(_ABOVE_MARKS)
        plot.plot_item.addItem(self.axes, ignoreBounds=True)
        plot.turned_by.connect(self.turner.turn_by)
        plot.play_switched.connect(lambda: self.turner.play(not self.turner.playing))

    def _stands_still(self) -> bool:
        """Whether it must not turn by itself: it is not seen, or something is done with what is seen."""
        plot = self._plot
        return not plot.isVisible() or self._hovered() or plot.lasso.on or plot.user_active

    @property
    def turned(self) -> bool:
        """Whether there is a third axis."""
        return self.space is not None

    def set_points(self, positions: Points) -> Points:
        """The points that are shown from now on; returns what the view must contain, (M, 2)."""
        had = self.turned
        self.space = space_of(positions) if positions.shape[1] == 3 and len(positions) else None
        if self.turned != had:
            self._plot.set_turned(self.turned)
            if self.turned:
                self.turner.begin()
            else:
                self.turner.end()
        self.show_axes()
        return positions if self.space is None else self.space.corners

    def set_names(self, names: tuple[str, str, str]) -> None:
        """Name the axes: to the right, upward, towards the viewer."""
        self._names = names
        self.show_axes()

    def seen(self, positions: Points) -> Points:
        """Positions as they are seen: (N, 2), or (N, 3) with the depth from -1, far, to 1, near."""
        if self.space is None or positions.shape[1] == 2:
            return positions[:, :2]
        return seen(positions, self.turner.turn, self.space)

    def moved_marks(self, marks: tuple[ClassMark, ...], points: Points) -> tuple[ClassMark, ...]:
        """The names at the points (N, 2 or 3), as they are seen, that they belong to."""
        if self.space is None:
            return marks
        at = points[[mark.index for mark in marks], :2].tolist()
        return tuple(replace(mark, x=x, y=y) for mark, (x, y) in zip(marks, at, strict=True))

    def pick(
        self, points: Points, at: QPointF, reach: float, allowed: NDArray[np.bool_], dot: float
    ) -> int | None:
        """The point of those as they are seen (N, 3) under the mouse. reach, dot: in pixels"""
        return picked(points, (at.x(), at.y()), self._plot.reach(1.0), reach, dot, allowed)

    def set_cursor(self, at: tuple[float, ...] | None) -> None:
        """Where the cursor is: two coordinates, or three."""
        self._cursor = at
        self.show_cursor()

    def show_cursor(self) -> None:
        """Draw the cursor where it is seen."""
        if self._cursor is None:
            self._plot.set_cursor(None)
            return
        x, y = self.seen(np.array([self._cursor], np.float32))[0, :2].tolist()
        exact = self._cursor[:2] if self.space is None or len(self._cursor) == 2 else (x, y)
        self._plot.set_cursor((exact[0], exact[1]))

    def show_axes(self) -> None:
        """Draw the axes as they are seen, or none."""
        if self.space is None:
            self.axes.clear()
        else:
            turn, space = self.turner.turn, self.space
            self.axes.set_axes(space.centre[:2], turn.matrix, space.radius, self._names)
