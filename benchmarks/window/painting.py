"""What the window costs during a training: CPU time of each thread, and the time of each paint.

Run as a separate process; prints one JSON object. With `--paints` every paint is timed as well. That costs
a little itself, so the shares of a core are measured without it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from aestudio.recipes.library import find_recipe
from benchmarks.training.studio import endless
from benchmarks.window.driver import open_window, run_for, start_training

if TYPE_CHECKING:
    from aestudio.gui.window.main_window import MainWindow

WARM_UP_SECONDS = 3.0
SETTLE_SECONDS = 1.0
THREADS = {"MainThread": "window", "inference": "inference", "training": "training"}


@dataclass
class Cost:
    """The cost of one view during one training.

    shares:  CPU seconds per second of each thread
    images:  trained per second
    changed: refreshes of the window per second
    paints:  (per second, milliseconds each) by the class of the painted widget
    """

    view: str
    shares: dict[str, float]
    images: float
    changed: float
    paints: dict[str, tuple[float, float]] = field(default_factory=dict)


class PaintTimer(QApplication):
    """Times every paint while `timing` is true."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.timing = False
        self.count: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Called by Qt for each event of a widget."""
        if not self.timing or event.type() != QEvent.Type.Paint:
            return super().notify(receiver, event)
        began = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            name = _name(receiver)
            self.count[name] += 1
            self.seconds[name] = self.seconds.get(name, 0.0) + time.thread_time() - began

    def paints(self, seconds: float) -> dict[str, tuple[float, float]]:
        """(paints per second, milliseconds each) by widget, the most expensive first."""
        return {
            name: (self.count[name] / seconds, 1000 * total / self.count[name])
            for name, total in sorted(self.seconds.items(), key=lambda item: -item[1])
        }


def _name(receiver: QObject) -> str:
    parent = receiver.parent()
    widget = parent if isinstance(parent, QAbstractScrollArea) else receiver  # the area, not its viewport
    container = widget.parent() if isinstance(widget, QWidget) else None
    return f"{type(widget).__name__} in {type(container).__name__}"


def _cpu_seconds() -> dict[str, float]:
    return {
        THREADS[thread.name]: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.name in THREADS and thread.ident is not None
    }


def cost_of(window: MainWindow, view: str, seconds: float) -> Cost:
    """Run the event loop for `seconds` with this view in front."""
    session, app = window.session, QApplication.instance()
    window.show_view(view)
    run_for(SETTLE_SECONDS)
    changes = [0]

    def count() -> None:
        changes[0] += 1

    session.changed.connect(count)
    if isinstance(app, PaintTimer):
        app.count.clear()
        app.seconds.clear()
        app.timing = True
    progress = session.state.training.progress
    before, began = _cpu_seconds(), time.perf_counter()
    run_for(seconds)
    after, passed = _cpu_seconds(), time.perf_counter() - began
    newer = session.state.training.progress
    session.changed.disconnect(count)
    assert progress is not None
    assert newer is not None
    batch = session.state.recipe.value("batch_size")
    paints = {}
    if isinstance(app, PaintTimer):
        app.timing = False
        paints = app.paints(passed)
    shares = {name: (after[name] - before.get(name, 0.0)) / passed for name in after}
    return Cost(view, shares, (newer.step - progress.step) * batch / passed, changes[0] / passed, paints)


def main() -> None:
    """Measure the views that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="deep-ae")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--views", nargs="+", default=["train", "latent"])
    parser.add_argument("--paints", action="store_true", help="time every paint as well")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    if given.paints:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        PaintTimer()
    with open_window() as window:
        window.show_view(given.views[0])
        start_training(window, endless(find_recipe(given.model), given.batch))
        run_for(WARM_UP_SECONDS)
        costs = [asdict(cost_of(window, view, given.seconds)) for view in given.views]
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
