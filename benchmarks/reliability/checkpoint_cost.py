"""What the checkpoints inside an epoch cost: the same training with and without them, in alternating rounds.

`python -m benchmarks.reliability.checkpoint_cost --data FOLDER` prints for each recipe the ratio of images
per second of the process's CPU time (training and writing threads together) and of wall-clock time, the
median of the rounds. Other programs on the machine disturb the second more than the first.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.data.library import load_dataset
from aestudio.recipes.library import find_recipe
from aestudio.runs.record import record
from aestudio.training import trainer
from aestudio.training.events import CheckpointTaken, Pulse
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.data.digits import Dataset
    from aestudio.training.events import Event

WITH = trainer.IN_EPOCH_SECONDS
WARM_UP = 4.0  # seconds


class Training:
    """One recorded training that can be let run for some seconds at a time."""

    def __init__(self, name: str, dataset: Dataset, folder: Path, in_epoch: float) -> None:
        recipe = find_recipe(name).with_settings({"epochs": 1000})
        spec = RunSpec(folder.name, recipe, dataset.origin, "cpu")
        self.in_epoch = in_epoch
        self.checkpoints = 0
        self.events: Iterator[Event] = record(trainer.train(spec, dataset), spec, folder)
        self._step = 0

    def run(self, seconds: float) -> tuple[float, float]:
        """Steps per second of CPU, and of the clock."""
        trainer.IN_EPOCH_SECONDS = self.in_epoch
        first, cpu, clock = self._step, time.process_time(), time.perf_counter()
        for event in self.events:
            self.checkpoints += isinstance(event, CheckpointTaken)
            if isinstance(event, Pulse):
                self._step = event.step
                if time.perf_counter() - clock >= seconds:
                    break
        done = self._step - first
        return done / (time.process_time() - cpu), done / (time.perf_counter() - clock)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=["conv-vae", "deep-ae"])
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data", type=Path, help="the folder with MNIST/raw")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    dataset = load_dataset(given.dataset, data_dir=given.data)
    for name in given.recipes:
        with tempfile.TemporaryDirectory() as place:
            made = [
                Training(name, dataset, Path(place) / word, seconds)
                for word, seconds in (("with", WITH), ("without", math.inf))
            ]
            with closing(made[0].events), closing(made[1].events):  # type: ignore[type-var]
                print(name, *_ratios(made, given.rounds, given.seconds), flush=True)


def _ratios(made: list[Training], rounds: int, seconds: float) -> list[str]:
    for training in made:
        training.run(WARM_UP)
    before = made[0].checkpoints
    cpu, clock = [], []
    for number in range(rounds):
        order = made if number % 2 == 0 else made[::-1]
        speeds = {training.in_epoch: training.run(seconds) for training in order}
        cpu.append(speeds[WITH][0] / speeds[math.inf][0])
        clock.append(speeds[WITH][1] / speeds[math.inf][1])
    words = [
        f"{title}: {statistics.median(values):.4f} ({min(values):.3f} to {max(values):.3f})"
        for title, values in (("steps per CPU second, with / without", cpu), ("per second", clock))
    ]
    return [*words, f"{made[0].checkpoints - before} checkpoints"]


if __name__ == "__main__":
    main()
