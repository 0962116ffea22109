"""The program as a person starts it, telling when each part of it was there.

Prints one line of JSON, all in monotonic seconds but the last two:
painted: the first frame stands; before it, torch must not have been imported
sliders: a slider's picture was decoded; ready: Start can train; torch_early: whether torch came too soon
gap:     the longest time between two ticks of a 60 Hz timer, from the first frame until ready
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aestudio.gui.main_window import MainWindow

TICK_MILLISECONDS = 16
PATIENCE_MILLISECONDS = 60_000


class Witness:
    """Sees one window become ready."""

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtCore import Qt, QTimer

        from aestudio.gui.first_paint import FirstPaint

        self.window = window
        self.seen: dict[str, Any] = {"gap": 0.0}
        self._last = 0.0
        self._ticks = QTimer(window)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        FirstPaint(window, self._painted, patience=PATIENCE_MILLISECONDS)
        window.session.changed.connect(self._changed)

    def _painted(self) -> None:
        self.seen |= {"painted": time.monotonic(), "torch_early": "torch" in sys.modules}
        self._last = time.monotonic()
        self._ticks.start(TICK_MILLISECONDS)
        if "--painted" in sys.argv:
            self._tell()

    def _tick(self) -> None:
        now = time.monotonic()
        self.seen["gap"] = max(self.seen["gap"], now - self._last)
        self._last = now

    def _changed(self) -> None:
        state = self.window.session.state
        if state.exploration.picture is not None:
            self.seen.setdefault("sliders", time.monotonic())
        if state.engine == "ready" and state.data.usable:
            self.seen.setdefault("ready", time.monotonic())
        if {"sliders", "ready"} <= self.seen.keys():
            self._tell()

    def _tell(self) -> None:
        print(json.dumps(self.seen), flush=True)
        os._exit(0)


def main() -> None:
    """Start as `aestudio --dataset mnist` does, watched."""
    from aestudio.gui import app

    make_window = app.make_window
    watched: list[Witness] = []

    def make_watched(*given: Any, **named: Any) -> MainWindow:
        window = make_window(*given, **named)
        watched.append(Witness(window))
        return window

    app.make_window = make_watched
    from aestudio.cli.main import run

    sys.exit(run(["--dataset", "mnist"]))


if __name__ == "__main__":
    main()
