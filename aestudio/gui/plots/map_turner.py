"""Turns a map: slowly by itself, by dragging, or by keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from aestudio.gui.plots.turning import UPRIGHT, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

TURN_SECONDS = 36.0
"""Of a whole turn."""
FRAME_MILLISECONDS, SLOW_MILLISECONDS = 16, 40
_LONGEST_STEP = 0.1  # seconds: after a hold the map goes on where it was
_TILT = math.radians(15)  # so that the third axis is seen from the beginning


class MapTurner(QObject):
    """turned(): the map is seen from another side; playing_changed(bool): whether it turns by itself

    held: whether it must stand still, as while a point is under the mouse
    """

    turned = Signal()
    playing_changed = Signal(bool)

    def __init__(self, held: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.turn: Turn = UPRIGHT
        self.active = False
        self.playing = False
        self._held = held
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """A third axis was chosen: tilt the map a little, and let it turn."""
        self.active, self.turn = True, Turn(tilt=_TILT)
        self.play(True)

    def end(self) -> None:
        """There is no third axis any more: the plane is seen from the front."""
        self.play(False)
        self.active, self.turn = False, UPRIGHT

    def play(self, on: bool) -> None:
        """Let it turn by itself, or stand still."""
        on = on and self.active
        if on:
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()
        if on != self.playing:
            self.playing = on
            self.playing_changed.emit(on)

    def set_slow(self, slow: bool) -> None:
        """Show fewer frames, while a training needs the processor."""
        self._timer.setInterval(SLOW_MILLISECONDS if slow else FRAME_MILLISECONDS)

    def turn_by(self, right: float, down: float) -> None:
        """Turn it by angles in radians."""
        if self.active:
            self.turn = self.turn.by(right, down)
            self.turned.emit()

    def _step(self) -> None:
        seconds = min(self._clock.restart() / 1000, _LONGEST_STEP)
        if not self._held():
            self.turn_by(2 * math.pi * seconds / TURN_SECONDS, 0.0)
