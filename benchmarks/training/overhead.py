"""The overhead of a recorded training: metrics, snapshots, history and checkpoints.

Run as a separate process; prints one line of JSON. It is the CPU time of the training thread outside of steps
and validations.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.datasets.catalogue import load_dataset
from aestudio.recipes.library import find_recipe
from aestudio.runs.record import record
from aestudio.training.loop import TrainingLoop
from aestudio.training.metric_buffer import MetricBuffer
from aestudio.training.spec import RunSpec
from aestudio.training.threads import ENVIRONMENT as THREADS
from aestudio.training.trainer import train
from benchmarks.training.studio import endless

if TYPE_CHECKING:
    from collections.abc import Callable

WARM_UP_SECONDS = 2.0
STEP_METHODS = ((TrainingLoop, "advance"), (TrainingLoop, "begin_validation"))
METRIC_METHODS = ((MetricBuffer, "add"),)  # called within a step, but part of the overhead


class MethodTimer:
    """Sums the CPU time of the calling thread within some methods."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time_method(self, owner: type, name: str) -> None:
        """Time the method from now on."""
        original = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return original(*given, **named)
            finally:
                self.seconds += time.thread_time() - began

        setattr(owner, name, timed)


def share(model: str, batch: int, seconds: float, data: Path) -> float:
    """Share of the training thread's CPU time outside of steps and validations."""
    os.environ[THREADS] = "1"
    work, metrics = MethodTimer(), MethodTimer()
    for owner, name in STEP_METHODS:
        work.time_method(owner, name)
    for owner, name in METRIC_METHODS:
        metrics.time_method(owner, name)
    with tempfile.TemporaryDirectory() as folder:
        recipe = endless(find_recipe(model), batch)
        spec = RunSpec("benchmark", recipe, "mnist", "cpu")
        events = record(train(spec, load_dataset("mnist", data_dir=data)), spec, Path(folder) / "run")
        _consume(events, WARM_UP_SECONDS)
        began, before = time.thread_time(), work.seconds - metrics.seconds
        _consume(events, seconds)
        total, useful = time.thread_time() - began, work.seconds - metrics.seconds - before
        close: Callable[[], None] = events.close
        close()
    return 1 - useful / total


def _consume(events: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for _ in events:
        if time.monotonic() > deadline:
            return


def main() -> None:
    """`--model`, `--batch`, `--seconds`, `--data`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    print(json.dumps({"share": share(given.model, given.batch, given.seconds, given.data)}))


if __name__ == "__main__":
    main()
