"""What the window costs beside a training: seconds of processor of each thread, and what is painted.

Run as a process of its own; prints one JSON object. With `--paints` every paint is timed as well, which
itself costs a little: the shares of a core are taken without it.
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
from benchmarks.window.stage import open_presentation, start_training, turn

if TYPE_CHECKING:
    from aestudio.gui.window.main_window import MainWindow

WARM_SECONDS = 3.0
SETTLE_SECONDS = 1.0
THREADS = {"MainThread": "window", "inference": "inference", "training": "training"}


@dataclass
class Cost:
    """One view in front of one training.

    shares: processor seconds per second of each thread; images: trained per second
    changed, painted: refreshes and repaints of the window per second
    paints: (per second, milliseconds each) by the painted widget's class
    """

    view: str
    shares: dict[str, float]
    images: float
    changed: float
    paints: dict[str, tuple[float, float]] = field(default_factory=dict)


class Watcher(QApplication):
    """Times every paint while `watching`."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.watching = False
        self.count: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Qt's way to every widget."""
        if not self.watching or event.type() != QEvent.Type.Paint:
            return super().notify(receiver, event)
        began = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            name = _name(receiver)
            self.count[name] += 1
            self.seconds[name] = self.seconds.get(name, 0.0) + time.thread_time() - began

    def paints(self, seconds: float) -> dict[str, tuple[float, float]]:
        """What was painted, the most expensive first."""
        return {
            name: (self.count[name] / seconds, 1000 * spent / self.count[name])
            for name, spent in sorted(self.seconds.items(), key=lambda item: -item[1])
        }


def _name(receiver: QObject) -> str:
    parent = receiver.parent()
    around = parent if isinstance(parent, QAbstractScrollArea) else receiver  # a viewport stands for its area
    place = around.parent() if isinstance(around, QWidget) else None
    return f"{type(around).__name__} in {type(place).__name__}"


def _processor_seconds() -> dict[str, float]:
    return {
        THREADS[thread.name]: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.name in THREADS and thread.ident is not None
    }


def cost_of(window: MainWindow, view: str, seconds: float) -> Cost:
    """Turn the event loop for so long with this view in front."""
    session, app = window.session, QApplication.instance()
    window.show_view(view)
    turn(SETTLE_SECONDS)
    told = [0]

    def count() -> None:
        told[0] += 1

    session.changed.connect(count)
    if isinstance(app, Watcher):
        app.count.clear()
        app.seconds.clear()
        app.watching = True
    progress = session.state.training.progress
    before, began = _processor_seconds(), time.perf_counter()
    turn(seconds)
    after, passed = _processor_seconds(), time.perf_counter() - began
    newer = session.state.training.progress
    session.changed.disconnect(count)
    assert progress is not None
    assert newer is not None
    batch = session.state.recipe.value("batch_size")
    paints = {}
    if isinstance(app, Watcher):
        app.watching = False
        paints = app.paints(passed)
    shares = {name: (after[name] - before.get(name, 0.0)) / passed for name in after}
    return Cost(view, shares, (newer.step - progress.step) * batch / passed, told[0] / passed, paints)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="deep-ae")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--views", nargs="+", default=["train", "latent"])
    parser.add_argument("--paints", action="store_true")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    if given.paints:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        Watcher()
    with open_presentation() as window:
        window.show_view(given.views[0])
        start_training(window, endless(find_recipe(given.model), given.batch))
        turn(WARM_SECONDS)
        costs = [asdict(cost_of(window, view, given.seconds)) for view in given.views]
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
