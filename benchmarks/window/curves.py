"""What a curve of a million points costs the window: appended to, set and painted. Prints one JSON object."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.app import make_application
from aestudio.gui.state.series import Series
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from aestudio.gui.plots.curves import Curve

POINTS, STEP, ROUNDS = 1_000_000, 1_000, 15
SIZE = (700, 420)
SMOOTHING = 0.9


def main() -> None:
    """Milliseconds of processor, medians: of appending 1,000 points, and of showing the longer curve."""
    make_application()
    from aestudio.gui.plots.curve_plot import CurvePlot
    from aestudio.gui.plots.curves import Curve as Kind

    noise = np.random.default_rng(0).normal(size=POINTS + 2 * ROUNDS * STEP)

    def points(first: int, count: int) -> list[MetricPoint]:
        return [
            MetricPoint("training", at, at / 100, {"loss": 100 + 1e6 / (at + 1e4) + noise[at], "kl": 1.0})
            for at in range(first, first + count)
        ]

    series = Series()
    for first in range(0, POINTS, 100_000):
        series = series.with_points(points(first, 100_000))
    plot = CurvePlot()
    plot.set_smoothing(SMOOTHING)
    plot.resize(*SIZE)
    plot.show()
    plot.set_curves((_curve(Kind, series),))
    plot.grab()
    spent: dict[str, list[float]] = {"append": [], "show": [], "logarithmic": []}
    for _ in range(ROUNDS):
        new = points(len(series), STEP)
        began = time.thread_time()
        series = series.with_points(new)
        spent["append"].append(time.thread_time() - began)
        began = time.thread_time()
        plot.set_curves((_curve(Kind, series),))
        plot.grab()
        spent["show"].append(time.thread_time() - began)
    plot.set_logarithmic(True)
    for _ in range(ROUNDS):
        series = series.with_points(points(len(series), STEP))
        began = time.thread_time()
        plot.set_curves((_curve(Kind, series),))
        plot.grab()
        spent["logarithmic"].append(time.thread_time() - began)
    plot.close()
    print(json.dumps({name: 1000 * statistics.median(taken) for name, taken in spent.items()}))


def _curve(kind: type[Curve], series: Series) -> Curve:
    return kind("Training", series.epoch, series.term("loss"), "accent", (series.lineage, "loss"))


if __name__ == "__main__":
    main()
