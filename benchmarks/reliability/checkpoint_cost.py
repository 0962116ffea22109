"""What the clock's checkpoints cost a training: blocks of its steps with and without them, in pairs.

`python -m benchmarks.reliability.checkpoint_cost --data FOLDER` trains each recipe once, recorded as always,
and alternates short blocks of steps in which checkpoints come `--every` seconds with blocks in which none
comes. The two blocks of a pair follow each other at once, in turn one or the other first, so that whatever
else the machine does meets both. Checkpoints come more often than in the program, which makes their cost
visible; it is then given as the share that it has at the program's own interval.

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

INTERVAL = trainer.IN_EPOCH_SECONDS  # of the program
TURN = 4  # steps; a block ends after one of them
WARM_UP = 5.0  # seconds
LAST_BEGUN = 0.6  # of a block: no checkpoint begins later, so that all of it falls into the block
RESAMPLES = 10_000
MOST_TRIES = 20  # of each pair


@dataclass(frozen=True)
class Block:
    """So many steps took so many seconds of CPU time and of the clock."""

    steps: int
    cpu: float
    clock: float
    checkpoints: int


class Training:
    """One recorded training that is let run for a block at a time."""

    def __init__(self, name: str, dataset: Dataset, folder: Path) -> None:
        recipe = find_recipe(name).with_settings({"epochs": 1000})
        spec = RunSpec(folder.name, recipe, dataset.origin, "cpu")
        self.events: Generator[Event] = record(trainer.train(spec, dataset, turn_every=TURN), spec, folder)
        self._step = 0

    def run(self, seconds: float, every: float) -> Block:
        """At least so many seconds of steps. every: seconds between two checkpoints, infinite for none."""
        _checkpoints_come(every)
        first, cpu, clock, checkpoints = self._step, time.process_time(), time.perf_counter(), 0
        for event in self.events:
            checkpoints += isinstance(event, CheckpointTaken)
            if isinstance(event, Yielded):
                self._step = event.step
                passed = time.perf_counter() - clock
                if passed >= LAST_BEGUN * seconds:
                    _checkpoints_come(math.inf)
                if passed >= seconds:
                    break
        steps = self._step - first
        return Block(steps, time.process_time() - cpu, time.perf_counter() - clock, checkpoints)


def _checkpoints_come(every: float) -> None:
    trainer.IN_EPOCH_SECONDS = trainer.CHECKPOINT_SECONDS = every


def measure(training: Training, pairs: int, seconds: float, every: float) -> list[tuple[Block, Block]]:
    """So many pairs of blocks (with, without).

    A pair is measured again where its first block had no checkpoint, or one came too late on a slow disk.
    """
    training.run(WARM_UP, math.inf)
    found: list[tuple[Block, Block]] = []
    for number in range(MOST_TRIES * pairs):
        rates = (every, math.inf) if number % 2 == 0 else (math.inf, every)
        blocks = {rate: training.run(seconds, rate) for rate in rates}
        if blocks[every].checkpoints and not blocks[math.inf].checkpoints:
            found.append((blocks[every], blocks[math.inf]))
        if len(found) == pairs:
            break
    return found


def speed_ratios(pairs: list[tuple[Block, Block]], what: str) -> NDArray[np.float64]:
    """Steps per second with / without, for each pair. what: "cpu" or "clock" """
    return np.array(
        [(a.steps / getattr(a, what)) / (b.steps / getattr(b, what)) for a, b in pairs], dtype=np.float64
    )


def shares(pairs: list[tuple[Block, Block]], what: str) -> NDArray[np.float64]:
    """What a checkpoint costs, as a share of the program's interval, for each pair."""
    return np.array(
        [
            (getattr(a, what) - a.steps * getattr(b, what) / b.steps) / a.checkpoints / INTERVAL
            for a, b in pairs
        ]
    )


def interval_of_median(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The median and the ends of its 95 % bootstrap interval."""
    chosen = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    low, high = np.percentile(np.median(chosen, axis=1), (2.5, 97.5))
    return float(np.median(values)), float(low), float(high)


def _words(pairs: list[tuple[Block, Block]]) -> list[str]:
    words = []
    for title, what in (("CPU time", "cpu"), ("clock", "clock")):
        ratio = "{:.4f} ({:.4f} to {:.4f})".format(*interval_of_median(speed_ratios(pairs, what)))
        share = "{:.2%} ({:.2%} to {:.2%})".format(*interval_of_median(shares(pairs, what)))
        words.append(f"{title}: steps per second with / without {ratio}, every {INTERVAL:g} s {share}")
    checkpoints = sum(one.checkpoints for one, _ in pairs)
    return [*words, f"{len(pairs)} pairs, {checkpoints} checkpoints"]


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=["conv-vae", "deep-ae"])
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data", type=Path, help="the folder with MNIST/raw")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a block")
    parser.add_argument("--every", type=float, default=0.25, help="seconds between two checkpoints")
    given = parser.parse_args()
    dataset = load_dataset(given.dataset, data_dir=given.data)
    os.environ["AESTUDIO_MOMENTS_MB"] = "0"  # states of the history are not what is measured
    trainer.LARGEST_SHARE = math.inf  # nor is it to be avoided that they come often
    for name in given.recipes:
        with tempfile.TemporaryDirectory() as place:
            training = Training(name, dataset, Path(place) / "run")
            with closing(training.events):
                pairs = measure(training, given.pairs, given.seconds, given.every)
        print(name, *_words(pairs), sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
