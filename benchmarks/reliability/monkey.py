"""Monkey test of the window: random clicks, drags, wheel, keys, typing and commands, repeatable by a seed.

    python -m benchmarks.reliability.monkey --events 5000 --seed 1

Drives the real window, offscreen unless QT_QPA_PLATFORM is set, with MNIST if AESTUDIO_DATA names its folder
and with the built-in digits otherwise, in a temporary home folder. Prints memory and numbers of widgets every
--every events. Problems are exceptions (of any thread, also unraisable ones), Python's warnings, log records
from WARNING on, Qt's warnings, files written outside the home folder, and stalls in which the window itself
computed for longer than --hold milliseconds. (Stalls by the clock, which other programs can cause, are only
counted.) The exit code is 1 after a problem, otherwise 0; a crash prints the stacks of all threads. Results
arrive at different times, so that two runs with one seed are similar but not identical.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import sys
import tempfile
import time
from pathlib import Path

REPORT = 500
STALL = 200.0  # milliseconds
_STUCK_SECONDS = 60.0


def counts() -> dict[str, int]:
    """The numbers of widgets, of windows, and of objects in the windows."""
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication

    widgets = QApplication.allWidgets()
    windows = QApplication.topLevelWidgets()
    objects = sum(len(window.findChildren(QObject)) for window in windows if window.parent() is None)
    return {"widgets": len(widgets), "windows": len(windows), "objects": objects}


def report(event: int, began: float) -> None:
    """Print one line: the event, the memory and the numbers of objects."""
    from benchmarks.window.memory import resident

    megabytes = (resident() or 0) / 2**20
    objects = ", ".join(f"{count} {name}" for name, count in counts().items())
    print(f"{event:6} events  {megabytes:7.0f} MB  {objects}  {time.monotonic() - began:.0f} s", flush=True)


def play(given: argparse.Namespace, home: Path) -> int:
    """Run the test; return the exit code."""
    from benchmarks.reliability.problems import Dumps, OutsideWrites, ProblemCollector
    from benchmarks.reliability.random_input import RandomInput
    from benchmarks.reliability.stalls import StallRecorder
    from benchmarks.window.driver import open_window, run_for

    random_input: RandomInput | None = None

    def doing() -> str:
        return "the start" if random_input is None else random_input.doing()

    problems, writes, dumps = ProblemCollector(doing), OutsideWrites(str(home)), Dumps(_STUCK_SECONDS)
    problems.install()
    with open_window(dataset="mnist" if "AESTUDIO_DATA" in os.environ else "builtin") as window:
        random_input = RandomInput(window, given.seed, home)
        stalls = StallRecorder(given.hold, random_input.doing, problems.add)
        stalls.start()
        began = time.monotonic()
        report(0, began)
        for event in range(1, given.events + 1):
            dumps.restart()
            random_input.act()
            if given.rest:
                run_for(given.rest)
            problems.install_warnings_hook()
            for text in (dumps.new(), *(f"written outside its home: {path}" for path in writes.new())):
                if text:
                    problems.add(text)
            if window.closing:
                problems.add("The window was closed")
                break
            if event % given.every == 0:
                report(event, began)
        dumps.stop()
        stalls.stop()
        random_input.finish()
    print(f"done: {dict(random_input.done.most_common())}")
    print("\n".join((f"stalls over {given.hold:.0f} ms by the clock:", *stalls.table())))
    print(f"{len(problems.found)} problems")
    return 1 if problems.found else 0


def main() -> int:
    """Read the command line and run the test in a temporary home folder."""
    parser = argparse.ArgumentParser("python -m benchmarks.reliability.monkey", description=__doc__)
    parser.add_argument("--events", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--every", type=int, default=REPORT, metavar="N", help="events between two reports")
    parser.add_argument("--rest", type=float, default=0.02, metavar="S", help="seconds after each event")
    parser.add_argument(
        "--hold", type=float, default=STALL, metavar="MS", help="milliseconds that the window may compute"
    )
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    faulthandler.enable()
    with tempfile.TemporaryDirectory(prefix="monkey") as home:
        # All files are written here: those of dialogs, caches and temporary files.
        for name in ("HOME", "USERPROFILE", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = home
        tempfile.tempdir = home
        with contextlib.chdir(home):  # where dialogs begin
            return play(given, Path(home))


if __name__ == "__main__":
    sys.exit(main())
