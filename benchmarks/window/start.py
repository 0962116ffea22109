"""Starts the program as a user does, and prints when each of its parts was ready.

Prints one line of JSON; times are in seconds of the monotonic clock:
painted:     the first frame was painted
sliders:     an image of the sliders was decoded
ready:       the Start button can train
torch_early: whether torch was imported before the first frame, which must not happen
gap:         the longest time between two ticks of a 60 Hz timer, from the first frame until ready, in seconds
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aestudio.gui.window.main_window import MainWindow

TICK_MILLISECONDS = 16


class StartObserver:
    """Records when a window becomes ready."""

    def __init__(self) -> None:
        self.window: MainWindow | None = None
        self.times: dict[str, Any] = {"gap": 0.0}
        self._last = 0.0

    def painted(self) -> None:
        """Called after the first frame, before anything that waits for it begins."""
        from PySide6.QtCore import Qt, QTimer

        self._last = time.monotonic()
        self.times |= {"painted": self._last, "torch_early": "torch" in sys.modules}
        if "--painted" in sys.argv:
            self._report()
        assert self.window is not None
        self._ticks = QTimer(self.window)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        self._ticks.start(TICK_MILLISECONDS)
        self.window.session.changed.connect(self._changed)

    def _tick(self) -> None:
        now = time.monotonic()
        self.times["gap"] = max(self.times["gap"], now - self._last)
        self._last = now

    def _changed(self) -> None:
        assert self.window is not None
        state = self.window.session.state
        if state.exploration.image is not None:
            self.times.setdefault("sliders", time.monotonic())
        if state.torch_phase == "ready" and state.data.usable:
            self.times.setdefault("ready", time.monotonic())
        if {"sliders", "ready"} <= self.times.keys():
            self._report()

    def _report(self) -> None:
        print(json.dumps(self.times), flush=True)
        os._exit(0)


def main() -> None:
    """Start as `aestudio` does, and observe the window."""
    from aestudio.cli.main import run
    from aestudio.gui import app

    observer = StartObserver()
    make_window, begin = app.make_window, app.begin

    def make_observed(*given: Any, **named: Any) -> MainWindow:
        observer.window = make_window(*given, **named)
        return observer.window

    def begin_observed(*given: Any) -> None:
        observer.painted()
        begin(*given)

    app.make_window, app.begin = make_observed, begin_observed
    sys.exit(run([]))


if __name__ == "__main__":
    main()
