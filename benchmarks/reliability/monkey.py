"""A monkey at the window: random clicks, drags, wheels, keys and commands, the same ones for a seed.

    python -m benchmarks.reliability.monkey --events 5000 --seed 1

Drives the real window, offscreen unless QT_QPA_PLATFORM says otherwise, with MNIST where AESTUDIO_DATA names
it and with the built-in digits elsewhere, in a home folder of its own that is removed. Prints every so many
events what the process holds. Ends with 1 after an exception (of any thread) or a warning of Qt, with what
the system gives a crash, which prints every thread's place; with 0 otherwise. Answers come when they come, so
that two runs of a seed are alike but not the same.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import threading
import time
import traceback
from collections import Counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from benchmarks.reliability.hands import Hands
from benchmarks.window.memory import resident
from benchmarks.window.stage import open_stage, turn

if TYPE_CHECKING:
    from types import TracebackType

REPORT = 500
# The offscreen platform says so: of propagateSizeHints, of raise, of grabbing the keyboard.
_KNOWN_WARNINGS = ("This plugin does not support ",)
_STUCK_SECONDS = 60.0


class Complaints:
    """Hears of every exception that nobody caught and of every warning of Qt."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def listen(self) -> None:
        """From now on, in every thread."""
        sys.excepthook = self._exception
        threading.excepthook = lambda told: self._exception(told.exc_type, told.exc_value, told.exc_traceback)
        qInstallMessageHandler(self._message)

    def _exception(
        self, kind: type[BaseException], value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._add("".join(traceback.format_exception(kind, value, trace)))

    def _message(self, kind: QtMsgType, _: Any, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(_KNOWN_WARNINGS):
            self._add(f"Qt: {text}")

    def _add(self, text: str) -> None:
        self.found.append(text)
        print(text, file=sys.stderr, flush=True)


def counts() -> dict[str, int]:
    """What of Qt there is now: widgets, windows among them, objects below them."""
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication

    widgets = QApplication.allWidgets()
    windows = QApplication.topLevelWidgets()
    objects = sum(len(window.findChildren(QObject)) for window in windows if window.parent() is None)
    return {"widgets": len(widgets), "windows": len(windows), "objects": objects}


def report(event: int, began: float) -> None:
    """One line: how far it is and what is held."""
    held = (resident() or 0) / 2**20
    known = ", ".join(f"{count} {name}" for name, count in counts().items())
    print(f"{event:6} events  {held:7.0f} MB  {known}  {time.monotonic() - began:.0f} s", flush=True)


def play(events: int, seed: int, every: int, rest: float) -> int:
    """So many events; the exit code."""
    complaints = Complaints()
    complaints.listen()
    with open_stage(dataset="mnist" if "AESTUDIO_DATA" in os.environ else "builtin") as window:
        hands = Hands(window, seed)
        began = time.monotonic()
        report(0, began)
        for event in range(1, events + 1):
            # A hold of the event loop for so long prints where every thread is, and goes on.
            faulthandler.dump_traceback_later(_STUCK_SECONDS)
            hands.act()
            if rest:
                turn(rest)
            if event % every == 0:
                report(event, began)
        faulthandler.cancel_dump_traceback_later()
        hands.let_go()
    print(f"done: {dict(Counter(hands.done).most_common())}")
    print(f"{len(complaints.found)} complaints")
    return 1 if complaints.found else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser("python -m benchmarks.reliability.monkey", description=__doc__)
    parser.add_argument("--events", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--every", type=int, default=REPORT, metavar="N", help="events between two reports")
    parser.add_argument("--rest", type=float, default=0.02, metavar="S", help="seconds after each event")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    faulthandler.enable()
    return play(given.events, given.seed, given.every, given.rest)


if __name__ == "__main__":
    sys.exit(main())
