"""SIGKILL at random moments of a training's first epoch, then `aestudio train --resume RUN`.

`python -m benchmarks.reliability.kills --data FOLDER` prints a line for each kill and the figures: runs kept
and lost, seconds and steps of work lost, and whether the weights after the first epoch are those of a run
that nobody killed, bit for bit.
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
from benchmarks.reliability.watched import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 600.0  # seconds
GOING_ON = re.compile(r"Resuming at step ([\d,]+) of")


@dataclass(frozen=True)
class Kill:
    """One attack. after: seconds into the training; done, kept: steps at the kill, and gone on from.

    same: whether the epoch ended with the weights and the curves of a run that nobody killed
    """

    after: float
    done: int
    kept: int
    seconds_lost: float
    same: bool


class Attack:
    """Trainings of one recipe, each in a folder of its own, all with the same seed and one thread."""

    def __init__(self, place: Path, recipe: str, dataset: str, data: Path | None) -> None:
        self.place = place
        self.words = ["--epochs", "1", "--device", "cpu", "--dataset", dataset]
        self.recipe = recipe
        self.environment = os.environ | {"AESTUDIO_THREADS": "1", "AESTUDIO_HOME": str(place / "home")}
        if data is not None:
            self.environment["AESTUDIO_DATA"] = str(data)

    def straight(self) -> tuple[KeptRun, float]:
        """A run that nobody kills, and how many seconds its only epoch took.

        Both runs end with their first epoch, so that twenty of them can be compared.
        """
        folder = self.place / "straight"
        process = self._start(folder)
        _until(lambda: _ended(folder, process), "the end of the run that nobody kills")
        _end(process, signal.SIGKILL)  # it would go on with the figures of the test set
        times = self._times(folder)
        done = np.flatnonzero(times)
        return KeptRun.at(folder), float(times[done[-1]] - times[done[0]])

    def kill(self, number: int, place: float, straight: KeptRun) -> Kill:
        """Train, kill somewhere (0: the first step, 1: the last one), go on, and compare.

        The place is counted in steps, because the machine may be faster or slower than it was before; the
        moment within the step is any.
        """
        folder = self.place / f"killed {number}"
        process = self._start(folder)
        step, within = divmod(1 + place * (straight.require_record().step - 2), 1)
        _until(lambda: self._times(folder)[int(step)] > 0, f"step {step:.0f}")
        times = self._times(folder)
        time.sleep(within * float(times[int(step)] - times[1]) / step)
        _end(process, signal.SIGKILL)
        at = time.monotonic()
        times = times.copy()
        done = int(np.flatnonzero(times)[-1])
        kept, same = self._go_on(folder, straight)
        return Kill(at - float(times[1]), done, kept, at - float(times[max(1, kept)]), same)

    def _go_on(self, folder: Path, straight: KeptRun) -> tuple[int, bool]:
        said = folder.with_suffix(".said")
        with said.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "aestudio", "train", "--resume", str(folder)],
                env=self.environment,
                stdout=file,
                stderr=file,
            )
        _until(lambda: _ended(folder, process), "the end of the run that was gone on with")
        _end(process, signal.SIGKILL)
        found = GOING_ON.search(said.read_text("utf-8"))
        run = KeptRun.at(folder)
        mine, theirs = run.snapshot().weights, straight.snapshot().weights
        same = run.status == "finished" and all(np.array_equal(mine[name], theirs[name]) for name in theirs)
        return int(found[1].replace(",", "")) if found else 0, same and run.points() == straight.points()

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        np.zeros(STEPS).tofile(folder.with_suffix(".times"))
        command = [sys.executable, "-m", "benchmarks.reliability.watched", str(folder.with_suffix(".times"))]
        with folder.with_suffix(".log").open("wb") as log:
            return subprocess.Popen(
                [*command, "train", self.recipe, *self.words, "--out", str(folder)],
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


def _until(so: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > until:
            raise TimeoutError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(0.01)


def main() -> None:
    """Attack, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="conv-vae")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data", type=Path, help="the folder with MNIST/raw")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as place:
        attack = Attack(Path(place), given.recipe, given.dataset, given.data and given.data.resolve())
        straight, seconds = attack.straight()
        print(
            f"{given.recipe} on {given.dataset}: an epoch of "
            f"{straight.require_record().step:,} steps, {seconds:.1f} s"
        )
        kills = []
        for number in range(given.kills):
            kill = attack.kill(number + 1, chance.random(), straight)
            kills.append(kill)
            print(
                f"{number + 1:3}: killed after {kill.after:5.1f} s at step {kill.done:4}, going on from step "
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
