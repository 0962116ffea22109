"""Points that glide to new places, so that one sees which went where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEasingCurve, QElapsedTimer, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.plots.point_cloud import Points

MILLISECONDS = 150
_FRAME = 16
_LONGEST_FRAME = 14.0
"""Where putting the points alone takes longer than this, they jump: there is no time for frames between."""


class PointAnimation(QObject):
    """Puts points between where they were and where they go, frame by frame."""

    def __init__(self, put: Callable[[Points], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._put = put
        self._start: Points = np.empty((0, 2), np.float32)
        self._end: Points = self._start
        self._shown: Points = self._start
        self._ease = QEasingCurve(QEasingCurve.Type.InOutQuad)
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._step)

    @property
    def active(self) -> bool:
        """Whether points are on their way."""
        return self._timer.isActive()

    @property
    def shown(self) -> Points:
        """Where the points stand now."""
        return self._shown

    def jump(self, xy: Points) -> None:
        """The points are there, at once."""
        self._timer.stop()
        self._end = self._shown = xy

    def begin(self, xy: Points) -> None:
        """Let the points, as many as before, go there from where they stand now."""
        self._start, self._end = self._shown, xy
        self._clock.start()
        self._timer.start()

    def finish(self) -> None:
        """Put the points where they go, where they are on their way."""
        if self._timer.isActive():
            self.jump(self._end)
            self._put(self._end)

    def _step(self) -> None:
        part = self._clock.elapsed() / MILLISECONDS
        if part >= 1:
            self.finish()
            return
        eased = np.float32(self._ease.valueForProgress(part))
        self._shown = (self._start + (self._end - self._start) * eased).astype(np.float32, copy=False)
        cost = QElapsedTimer()
        cost.start()
        self._put(self._shown)
        if cost.nsecsElapsed() / 1e6 > _LONGEST_FRAME:
            self.finish()
