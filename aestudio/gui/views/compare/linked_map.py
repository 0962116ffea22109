"""The latent map of one compared run, which shares cursor, marked image and range with the other maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.class_map import ClassMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.inference.requests.comparison_request import ComparedMap


_AXIS = 6 * 7  # logical pixels: "−0.35" and the gap between it and the axis


class LinkedMap(ClassMap):
    """Reports the user's actions by the signals of `ClassMap`; the board sets cursor and marked image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: ComparedMap | None = None
        self.hide_legend()  # the map shows the class names; ten buttons a column are too many
        self.plot.left_axis.set_margin(_AXIS)
        self.plot.marks.set_compact(True)
        self.plot.lasso.allowed = False  # nothing here would show or use a selection

    def show_codes(self, compared_map: ComparedMap) -> None:
        """Show these codes; the visible range changes only if they would be outside."""
        if compared_map is self.shown:
            return
        self.shown = compared_map
        self.set_empty_text("")
        self.plot.set_frame(compared_map.frame if len(compared_map.frame) else None)
        labels = compared_map.labels if len(compared_map.xy) else None
        self.set_points(compared_map.xy, labels, compared_map.class_names)
        plane = compared_map.plane
        self.set_axis_titles(*(("", "") if plane is None else plane.titles))

    def show_none(self, text: str) -> None:
        """Show no codes, and a text instead."""
        if self.shown is not None:
            self.shown = None
            self.set_points(np.empty((0, 2), np.float32), None, ())
            self.set_axis_titles("", "")
        self.set_empty_text(text)

    def mark(self, index: int) -> None:
        """Draw a ring around an image's point, by its index; -1 for none."""
        xy = None if self.shown is None else self.shown.xy
        mapped = xy is not None and 0 <= index < len(xy)
        self.plot.set_ring(tuple(xy[index].tolist()) if mapped and xy is not None else None)

    def point_at(self, code: NDArray[np.float32] | None, index: int) -> None:
        """Place the cursor at a code float32 (L,), or at an image if there is no code of this length."""
        shown = self.shown
        if shown is None or shown.plane is None:
            self.hide_cursor()
        elif code is not None and not shown.discrete and len(code) == shown.plane.size:
            x, y = shown.plane.to_plane(code[None])[0]
            self.set_cursor(float(x), float(y))
        elif 0 <= index < len(shown.xy):
            x, y = shown.xy[index]
            self.set_cursor(float(x), float(y))
        else:
            self.hide_cursor()

    def code_at(self, x: float, y: float, base: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """The code (L,) at a position of the map: `base` (L,), moved in the plane; None without one."""
        plane = None if self.shown is None else self.shown.plane
        discrete = self.shown is not None and self.shown.discrete
        if plane is None or discrete or plane.size != len(base):
            return None
        return plane.from_plane(np.array([[x, y]]), base)[0]


def link_views(maps: Sequence[LinkedMap]) -> None:
    """Link the ranges of maps that share a plane: moving or zooming one does the same to all."""
    _Link(maps)


class _Link:
    def __init__(self, maps: Sequence[LinkedMap]) -> None:
        self._maps = tuple(maps)
        self._busy = False
        for linked in maps:
            linked.plot.view_moved_by_user.connect(lambda source=linked: self._follow(source))
            linked.plot.fitted.connect(lambda source=linked: self._fit(source))

    def _follow(self, source: LinkedMap) -> None:
        for other in self._others(source):
            other.plot.show_rect(source.plot.map_box.viewRect())

    def _fit(self, source: LinkedMap) -> None:
        if self._busy:
            return
        self._busy = True
        for other in self._others(source):
            other.fit()
        self._busy = False

    def _others(self, source: LinkedMap) -> list[LinkedMap]:
        plane = source.shown.plane if source.shown is not None else None
        return [
            other
            for other in self._maps
            if other is not source
            and plane is not None
            and other.shown is not None
            and other.shown.plane is plane
        ]
