"""SIGKILL at random times of a training's first epoch, then `aestudio train --resume RUN`.

`python -m benchmarks.reliability.kills --data FOLDER` prints a line for each kill and a summary: the runs
that could be resumed, the seconds and steps of work lost, and whether the weights after the first epoch are
identical, bit for bit, to those of a run that was not killed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aestudio.runs.kept_run import KeptRun
from benchmarks.reliability.timed_training import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 600.0  # seconds
RESUMING = re.compile(r"Resuming at step ([\d,]+) of")


@dataclass(frozen=True)
class Kill:
    """One kill.

    after: seconds since the first step; done: steps at the kill; kept: the step at which it was resumed
    same:  whether the epoch ended with the weights and curves of a run that was not killed
    """

    after: float
    done: int
    kept: int
    seconds_lost: float
    same: bool


class KillTest:
    """Trainings of one recipe, each in its own folder, all with the same seed and one thread."""

    def __init__(self, folder: Path, recipe: str, dataset: str, data: Path | None) -> None:
        self.folder = folder
        self.options = ["--epochs", "1", "--device", "cpu", "--dataset", dataset]
        self.recipe = recipe
        self.environment = os.environ | {"AESTUDIO_THREADS": "1", "AESTUDIO_HOME": str(folder / "home")}
        if data is not None:
            self.environment["AESTUDIO_DATA"] = str(data)

    def train_uninterrupted(self) -> tuple[KeptRun, float]:
        """A run that is not killed, and the seconds of its only epoch.

        All runs end with their first epoch, which makes twenty comparisons feasible.
        """
        folder = self.folder / "uninterrupted"
        process = self._start(folder)
        _wait_until(lambda: _ended(folder, process), "the end of the run that is not killed")
        _end(process, signal.SIGKILL)  # it would continue with the metrics of the test set
        times = self._times(folder)
        done = np.flatnonzero(times)
        return KeptRun.at(folder), float(times[done[-1]] - times[done[0]])

    def kill(self, number: int, position: float, uninterrupted: KeptRun) -> Kill:
        """Train, kill at a position (0: the first step, 1: the last one), resume, and compare.

        The position is a number of steps, because the speed of the machine may have changed; its fraction
        decides the time within the step.
        """
        folder = self.folder / f"killed {number}"
        process = self._start(folder)
        step, within = divmod(1 + position * (uninterrupted.require_record().step - 2), 1)
        _wait_until(lambda: self._times(folder)[int(step)] > 0, f"step {step:.0f}")
        times = self._times(folder)
        time.sleep(within * float(times[int(step)] - times[1]) / step)
        _end(process, signal.SIGKILL)
        at = time.monotonic()
        times = times.copy()
        done = int(np.flatnonzero(times)[-1])
        kept, same = self._resume(folder, uninterrupted)
        return Kill(at - float(times[1]), done, kept, at - float(times[max(1, kept)]), same)

    def _resume(self, folder: Path, uninterrupted: KeptRun) -> tuple[int, bool]:
        output = folder.with_suffix(".resumed")
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "aestudio", "train", "--resume", str(folder)],
                env=self.environment,
                stdout=file,
                stderr=file,
            )
        _wait_until(lambda: _ended(folder, process), "the end of the resumed run")
        _end(process, signal.SIGKILL)
        match = RESUMING.search(output.read_text("utf-8"))
        run = KeptRun.at(folder)
        weights, expected = run.snapshot().weights, uninterrupted.snapshot().weights
        same = run.status == "finished" and all(
            np.array_equal(weights[name], expected[name]) for name in expected
        )
        return int(match[1].replace(",", "")) if match else 0, same and run.points() == uninterrupted.points()

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        np.zeros(STEPS).tofile(folder.with_suffix(".times"))
        command = [
            sys.executable,
            "-m",
            "benchmarks.reliability.timed_training",
            str(folder.with_suffix(".times")),
        ]
        with folder.with_suffix(".log").open("wb") as log:
            return subprocess.Popen(
                [*command, "train", self.recipe, *self.options, "--out", str(folder)],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def _times(self, folder: Path) -> np.memmap[tuple[int], np.dtype[np.float64]]:
        return np.memmap(folder.with_suffix(".times"), dtype=np.float64, mode="r", shape=(STEPS,))


def _ended(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None or KeptRun.at(folder).status == "finished"


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)
    process.wait()


def _wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {TIMEOUT:.0f} s: {what}")
        time.sleep(0.01)


def main() -> None:
    """Kill and resume, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="conv-vae")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data", type=Path, help="the folder with MNIST/raw")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generator = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        test = KillTest(Path(folder), given.recipe, given.dataset, given.data and given.data.resolve())
        uninterrupted, seconds = test.train_uninterrupted()
        print(
            f"{given.recipe} on {given.dataset}: an epoch of {uninterrupted.require_record().step:,} steps, "
            f"{seconds:.1f} s"
        )
        kills = []
        for number in range(given.kills):
            kill = test.kill(number + 1, generator.random(), uninterrupted)
            kills.append(kill)
            print(
                f"{number + 1:3}: killed after {kill.after:5.1f} s at step {kill.done:4}, resumed at step "
                f"{kill.kept:4}, {kill.seconds_lost:4.2f} s lost, then {'' if kill.same else 'NOT '}the same",
                flush=True,
            )
    if not kills:
        return
    lost = sorted(kill.seconds_lost for kill in kills)
    print(
        f"kept {sum(kill.kept > 0 for kill in kills)} of {len(kills)}, the same weights and curves "
        f"{sum(kill.same for kill in kills)}; seconds lost: median {lost[len(lost) // 2]:.2f}, "
        f"most {lost[-1]:.2f}"
    )


if __name__ == "__main__":
    main()
