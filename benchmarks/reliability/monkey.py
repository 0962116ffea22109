"""A monkey at the window: random clicks, drags, wheels, keys, typing and commands, the same ones for a seed.

    python -m benchmarks.reliability.monkey --events 5000 --seed 1

Drives the real window, offscreen unless QT_QPA_PLATFORM says otherwise, with MNIST where AESTUDIO_DATA names
it and with the built-in digits elsewhere, in a home folder of its own that is removed. Prints every so many
events what the process holds. It hears every exception (of any thread, or that could not be raised), Python's
warnings, the log from WARNING on, Qt's warnings, files that are written elsewhere, and holds: times in which
the window computed for longer than --hold milliseconds and did not answer. (Holds by the clock alone, which
other programs on the cores make, are counted by kind at the end.) Ends with 1 if it heard anything, with what
the system gives a crash, which prints every thread's place; with 0 otherwise. Answers come when they come, so
that two runs of a seed are alike but not the same.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from pathlib import Path

REPORT = 500
HOLD = 200.0
_STUCK_SECONDS = 60.0


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
    from benchmarks.window.memory import resident

    held = (resident() or 0) / 2**20
    known = ", ".join(f"{count} {name}" for name, count in counts().items())
    print(f"{event:6} events  {held:7.0f} MB  {known}  {time.monotonic() - began:.0f} s", flush=True)


def play(given: argparse.Namespace, home: Path) -> int:
    """So many events; the exit code."""
    from benchmarks.reliability.complaints import Complaints, Dumps, ForeignWrites
    from benchmarks.reliability.hands import Hands
    from benchmarks.reliability.holds import Holds
    from benchmarks.window.stage import open_presentation, turn

    hands: Hands | None = None

    def doing() -> str:
        return "the start" if hands is None else hands.doing()

    complaints, writes, dumps = Complaints(doing), ForeignWrites(str(home)), Dumps(_STUCK_SECONDS)
    complaints.listen()
    with open_presentation(dataset="mnist" if "AESTUDIO_DATA" in os.environ else "builtin") as window:
        hands = Hands(window, given.seed, home)
        holds = Holds(given.hold, hands.doing, complaints.add)
        holds.start()
        began = time.monotonic()
        report(0, began)
        for event in range(1, given.events + 1):
            dumps.watch()
            hands.act()
            if given.rest:
                turn(given.rest)
            complaints.listen_to_warnings()
            for told in (dumps.new(), *(f"written outside its home: {path}" for path in writes.new())):
                if told:
                    complaints.add(told)
            if window.closing:
                complaints.add("The window was closed")
                break
            if event % given.every == 0:
                report(event, began)
        dumps.stop()
        holds.stop()
        hands.let_go()
    print(f"done: {dict(hands.done.most_common())}")
    print("\n".join((f"holds over {given.hold:.0f} ms by the clock:", *holds.table())))
    print(f"{len(complaints.found)} complaints")
    return 1 if complaints.found else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser("python -m benchmarks.reliability.monkey", description=__doc__)
    parser.add_argument("--events", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--every", type=int, default=REPORT, metavar="N", help="events between two reports")
    parser.add_argument("--rest", type=float, default=0.02, metavar="S", help="seconds after each event")
    parser.add_argument(
        "--hold", type=float, default=HOLD, metavar="MS", help="milliseconds that the window may compute"
    )
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    faulthandler.enable()
    with tempfile.TemporaryDirectory(prefix="monkey") as home:
        # File dialogs, caches and temporary files: all that is written lies in here.
        for name in ("HOME", "USERPROFILE", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = home
        tempfile.tempdir = home
        return play(given, Path(home))


if __name__ == "__main__":
    sys.exit(main())
