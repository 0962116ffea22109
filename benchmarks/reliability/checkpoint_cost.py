"""The cost of timed checkpoints during a training: pairs of blocks of steps with and without them.

`python -m benchmarks.reliability.checkpoint_cost --data FOLDER` trains each recipe once, recorded as usual.
Short blocks of steps with a checkpoint every `--every` seconds alternate with blocks without checkpoints. The
two blocks of a pair follow each other at once, and every second pair has the opposite order, so that other
programs disturb both alike. Checkpoints are more frequent than in the program, which makes their cost
visible; the cost is then scaled to the program's own interval.

For each recipe: steps per second with / without, by the process's CPU time (training and writing threads
together) and by the clock, the median over the pairs with its 95 % bootstrap interval; then the same at the
program's interval.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.catalogue import load_dataset
from aestudio.recipes.library import find_recipe
from aestudio.runs.record import record
from aestudio.training import trainer
from aestudio.training.events import CheckpointTaken, Yielded
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event

INTERVAL = trainer.IN_EPOCH_SECONDS  # seconds between two checkpoints of the program
STEPS_BETWEEN_YIELDS = 4  # a block ends only when the trainer yields
WARM_UP = 5.0  # seconds
LAST_START = 0.6  # share of a block: no checkpoint begins later, so that it ends within the block
RESAMPLES = 10_000
MOST_ATTEMPTS = 20  # for each pair


@dataclass(frozen=True)
class Block:
    """Steps that ran without a pause. cpu, clock: the seconds that they took, CPU time and wall time"""

    steps: int
    cpu: float
    clock: float
    checkpoints: int


class Training:
    """One recorded training that runs one block at a time."""

    def __init__(self, name: str, dataset: Dataset, folder: Path) -> None:
        recipe = find_recipe(name).with_settings({"epochs": 1000})
        spec = RunSpec(folder.name, recipe, dataset.origin, "cpu")
        self.events: Generator[Event] = record(
            trainer.train(spec, dataset, yield_every=STEPS_BETWEEN_YIELDS), spec, folder
        )
        self._step = 0

    def run(self, seconds: float, every: float) -> Block:
        """Train for at least `seconds`. every: seconds between two checkpoints, infinite for none."""
        _set_checkpoint_interval(every)
        first, cpu, clock, checkpoints = self._step, time.process_time(), time.perf_counter(), 0
        for event in self.events:
            checkpoints += isinstance(event, CheckpointTaken)
            if isinstance(event, Yielded):
                self._step = event.step
                passed = time.perf_counter() - clock
                if passed >= LAST_START * seconds:
                    _set_checkpoint_interval(math.inf)
                if passed >= seconds:
                    break
        steps = self._step - first
        return Block(steps, time.process_time() - cpu, time.perf_counter() - clock, checkpoints)


def _set_checkpoint_interval(every: float) -> None:
    trainer.IN_EPOCH_SECONDS = trainer.CHECKPOINT_SECONDS = every


def measure(training: Training, pairs: int, seconds: float, every: float) -> list[tuple[Block, Block]]:
    """Measure `pairs` pairs of blocks (with, without).

    A pair is discarded if its first block had no checkpoint, or if one ended too late on a slow disk.
    """
    training.run(WARM_UP, math.inf)
    measured: list[tuple[Block, Block]] = []
    for number in range(MOST_ATTEMPTS * pairs):
        rates = (every, math.inf) if number % 2 == 0 else (math.inf, every)
        blocks = {rate: training.run(seconds, rate) for rate in rates}
        if blocks[every].checkpoints and not blocks[math.inf].checkpoints:
            measured.append((blocks[every], blocks[math.inf]))
        if len(measured) == pairs:
            break
    return measured


def speed_ratios(pairs: list[tuple[Block, Block]], clock: str) -> NDArray[np.float64]:
    """Steps per second with / without checkpoints, float64 (pairs,). clock: the time, "cpu" or "clock" """
    return np.array(
        [(a.steps / getattr(a, clock)) / (b.steps / getattr(b, clock)) for a, b in pairs], dtype=np.float64
    )


def shares(pairs: list[tuple[Block, Block]], clock: str) -> NDArray[np.float64]:
    """The cost of a checkpoint as a share of the program's interval, float64 (pairs,)."""
    return np.array(
        [
            (getattr(a, clock) - a.steps * getattr(b, clock) / b.steps) / a.checkpoints / INTERVAL
            for a, b in pairs
        ]
    )


def interval_of_median(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The median of values (N,) and the ends of its 95 % bootstrap interval."""
    chosen = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    low, high = np.percentile(np.median(chosen, axis=1), (2.5, 97.5))
    return float(np.median(values)), float(low), float(high)


def _summary(pairs: list[tuple[Block, Block]]) -> list[str]:
    lines = []
    for title, clock in (("CPU time", "cpu"), ("clock", "clock")):
        ratio = "{:.4f} ({:.4f} to {:.4f})".format(*interval_of_median(speed_ratios(pairs, clock)))
        share = "{:.2%} ({:.2%} to {:.2%})".format(*interval_of_median(shares(pairs, clock)))
        lines.append(f"{title}: steps per second with / without {ratio}, every {INTERVAL:g} s {share}")
    checkpoints = sum(one.checkpoints for one, _ in pairs)
    return [*lines, f"{len(pairs)} pairs, {checkpoints} checkpoints"]


def main() -> None:
    """Measure each recipe and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=["conv-vae", "deep-ae"])
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data", type=Path, help="the folder with MNIST/raw")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a block")
    parser.add_argument("--every", type=float, default=0.25, help="seconds between two checkpoints")
    given = parser.parse_args()
    dataset = load_dataset(given.dataset, data_dir=given.data)
    os.environ["AESTUDIO_MOMENTS_MB"] = "0"  # the history is not measured
    trainer.LARGEST_SHARE = math.inf  # checkpoints may take any share of the time
    for name in given.recipes:
        with tempfile.TemporaryDirectory() as folder:
            training = Training(name, dataset, Path(folder) / "run")
            with closing(training.events):
                pairs = measure(training, given.pairs, given.seconds, given.every)
        print(name, *_summary(pairs), sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
