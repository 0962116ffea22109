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
    from aestudio.gui.window.main_window import MainWindow

TICK_MILLISECONDS = 16


class Witness:
    """Sees one window become ready."""

    def __init__(self) -> None:
        self.window: MainWindow | None = None
        self.seen: dict[str, Any] = {"gap": 0.0}
        self._last = 0.0

    def painted(self) -> None:
        """The first frame stands, and nothing that waits for it has begun."""
        from PySide6.QtCore import Qt, QTimer

        self._last = time.monotonic()
        self.seen |= {"painted": self._last, "torch_early": "torch" in sys.modules}
        if "--painted" in sys.argv:
            self._tell()
        assert self.window is not None
        self._ticks = QTimer(self.window)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        self._ticks.start(TICK_MILLISECONDS)
        self.window.session.changed.connect(self._changed)

    def _tick(self) -> None:
        now = time.monotonic()
        self.seen["gap"] = max(self.seen["gap"], now - self._last)
        self._last = now

    def _changed(self) -> None:
        assert self.window is not None
        state = self.window.session.state
        if state.exploration.image is not None:
            self.seen.setdefault("sliders", time.monotonic())
        if state.torch_phase == "ready" and state.data.usable:
            self.seen.setdefault("ready", time.monotonic())
        if {"sliders", "ready"} <= self.seen.keys():
            self._tell()

    def _tell(self) -> None:
        print(json.dumps(self.seen), flush=True)
        os._exit(0)


def main() -> None:
    """Start as `aestudio` does, watched."""
    from aestudio.cli.main import run
    from aestudio.gui import app

    witness = Witness()
    make_window, begin = app.make_window, app.begin

    def make_watched(*given: Any, **named: Any) -> MainWindow:
        witness.window = make_window(*given, **named)
        return witness.window

    def begin_watched(*given: Any) -> None:
        witness.painted()
        begin(*given)

    app.make_window, app.begin = make_watched, begin_watched
    sys.exit(run([]))


if __name__ == "__main__":
    main()
