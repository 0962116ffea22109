"""Animates points to new positions, so that the user sees which point went where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEasingCurve, QElapsedTimer, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRectF

    from aestudio.gui.plots.point_cloud import Points

MILLISECONDS = 150
FLOWING_MILLISECONDS = 250
"""Of a motion that others follow: longer than the time between them, so that nothing stands still."""
_EASED, _EVEN = QEasingCurve.Type.InOutQuad, QEasingCurve.Type.Linear
_FRAME = 16
_LONGEST_FRAME = 14.0
"""If one frame takes longer than this (milliseconds), the points jump to their end."""


class PointAnimation(QObject):
    """Moves points from their old to their new positions, frame by frame."""

    def __init__(self, show: Callable[[Points], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._start: Points = np.empty((0, 2), np.float32)
        self._end: Points = self._start
        self._shown: Points = self._start
        self._ease, self._milliseconds = QEasingCurve(_EASED), MILLISECONDS
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._step)

    @property
    def active(self) -> bool:
        """Whether the points are moving."""
        return self._timer.isActive()

    @property
    def shown(self) -> Points:
        """The current positions, float32 (N, 2)."""
        return self._shown

    def jump(self, xy: Points) -> None:
        """Move the points to xy (N, 2) at once."""
        self._timer.stop()
        self._end = self._shown = xy

    def begin(self, xy: Points, *, start: Points | None = None, flowing: bool = False) -> None:
        """Animate the points (N, 2) to the given positions: from `start`, or from their current ones.

        flowing: others follow, so that they move evenly
        """
        self._start, self._end = (self._shown if start is None else start), xy
        self._milliseconds = FLOWING_MILLISECONDS if flowing else MILLISECONDS
        self._ease.setType(_EVEN if flowing else _EASED)
        self._shown = self._start
        self._clock.start()
        self._timer.start()

    def finish(self) -> None:
        """Move the points to their end at once if they are moving."""
        if self._timer.isActive():
            self.jump(self._end)
            self._show(self._end)

    def _step(self) -> None:
        part = self._clock.elapsed() / self._milliseconds
        if part >= 1:
            self.finish()
            return
        eased = np.float32(self._ease.valueForProgress(part))
        self._shown = (self._start + (self._end - self._start) * eased).astype(np.float32, copy=False)
        cost = QElapsedTimer()
        cost.start()
        self._show(self._shown)
        if cost.nsecsElapsed() / 1e6 > _LONGEST_FRAME:
            self.finish()


def moved_along(xy: Points, before: QRectF, after: QRectF) -> Points:
    """Positions (N, 2) that lie in a view `after` where the given ones lay in the view `before`."""
    if before == after or before.isEmpty():
        return xy
    scale = np.array([after.width() / before.width(), after.height() / before.height()], np.float32)
    corner = np.array([before.left(), before.top()], np.float32)
    target = np.array([after.left(), after.top()], np.float32)
    return ((xy - corner) * scale + target).astype(np.float32, copy=False)
