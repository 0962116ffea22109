"""A map of one twin's codes that shares cursor, marked digit and view with the maps beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.class_map import ClassMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.inference.requests.comparison_request import ComparedMap


class LinkedMap(ClassMap):
    """Asked by hand through the signals of every `ClassMap`; told where to point by the board."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: ComparedMap | None = None
        self.legend.setMaximumHeight(0)  # the digits stand on the map; ten buttons a column are too many
        self.plot.left_axis.set_margin(28)
        self.plot.marks.set_compact(True)

    def show_codes(self, found: ComparedMap) -> None:
        """Show other codes; the view moves only where it must."""
        if found is self.found:
            return
        self.found = found
        self.set_empty_text("")
        self.plot.set_frame(found.frame if len(found.frame) else None)
        self.set_points(found.xy, found.labels if len(found.xy) else None, found.class_names)

    def show_none(self, text: str) -> None:
        """No codes are known: say what is coming."""
        if self.found is not None:
            self.found = None
            self.set_points(np.empty((0, 2), np.float32), None, ())
        self.set_empty_text(text)

    def mark(self, index: int) -> None:
        """A ring around a digit, -1 for none."""
        found = self.found
        known = found is not None and 0 <= index < len(found.xy)
        self.plot.set_ring(tuple(found.xy[index].tolist()) if known and found is not None else None)

    def point_at(self, code: NDArray[np.float32] | None, index: int) -> None:
        """The cursor at a code, or at a digit where there is none."""
        found = self.found
        if found is None or found.plane is None:
            self.hide_cursor()
        elif code is not None and len(code) == found.plane.size:
            x, y = found.plane.to_plane(code[None])[0]
            self.set_cursor(float(x), float(y))
        elif 0 <= index < len(found.xy):
            x, y = found.xy[index]
            self.set_cursor(float(x), float(y))
        else:
            self.hide_cursor()

    def code_at(self, x: float, y: float, base: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """The code (latent,) at a place of the map that is otherwise `base`; None where there is no plane."""
        plane = None if self.found is None else self.found.plane
        if plane is None or plane.size != len(base):
            return None
        return plane.from_plane(np.array([[x, y]]), base)[0]


def link_views(maps: Sequence[LinkedMap]) -> None:
    """Let these maps show the same part of their plane: moving or zooming one moves all."""
    _Link(maps)


class _Link:
    def __init__(self, maps: Sequence[LinkedMap]) -> None:
        self._maps = tuple(maps)
        self._busy = False
        for one in maps:
            one.plot.view_moved_by_user.connect(lambda source=one: self._follow(source))
            one.plot.fitted.connect(lambda source=one: self._fit(source))

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
        plane = source.found.plane if source.found is not None else None
        return [
            other
            for other in self._maps
            if other is not source
            and plane is not None
            and other.found is not None
            and other.found.plane is plane
        ]
