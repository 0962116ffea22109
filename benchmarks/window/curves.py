"""CPU time of a curve of a million points: appending points, and painting. Prints one JSON object."""

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
SMOOTHING = 50.0  # epochs to each side, of ten thousand


def main() -> None:
    """Print median milliseconds of CPU: to append 1,000 points, and to show the longer curve."""
    make_application()
    from aestudio.gui.plots.curve_plot import CurvePlot
    from aestudio.gui.plots.curves import Curve

    noise = np.random.default_rng(0).normal(size=POINTS + 2 * ROUNDS * STEP)

    def points(first: int, count: int) -> list[MetricPoint]:
        return [
            MetricPoint(
                "training", step, step / 100, {"loss": 100 + 1e6 / (step + 1e4) + noise[step], "kl": 1.0}
            )
            for step in range(first, first + count)
        ]

    series = Series()
    for first in range(0, POINTS, 100_000):
        series = series.with_points(points(first, 100_000))
    plot = CurvePlot()
    plot.set_smoothing(SMOOTHING)
    plot.resize(*SIZE)
    plot.show()
    plot.set_curves((_curve(Curve, series),))
    plot.grab()
    seconds: dict[str, list[float]] = {"append": [], "show": [], "logarithmic": []}
    for _ in range(ROUNDS):
        new = points(len(series), STEP)
        began = time.thread_time()
        series = series.with_points(new)
        seconds["append"].append(time.thread_time() - began)
        began = time.thread_time()
        plot.set_curves((_curve(Curve, series),))
        plot.grab()
        seconds["show"].append(time.thread_time() - began)
    plot.set_logarithmic(True)
    for _ in range(ROUNDS):
        series = series.with_points(points(len(series), STEP))
        began = time.thread_time()
        plot.set_curves((_curve(Curve, series),))
        plot.grab()
        seconds["logarithmic"].append(time.thread_time() - began)
    plot.close()
    print(json.dumps({name: 1000 * statistics.median(values) for name, values in seconds.items()}))


def _curve(curve_class: type[Curve], series: Series) -> Curve:
    return curve_class("Training", series.epoch, series.term("loss"), "accent", (series.lineage, "loss"))


if __name__ == "__main__":
    main()
