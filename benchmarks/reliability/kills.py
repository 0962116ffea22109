"""SIGKILL at random times of a training's first epoch; then it is resumed, through one door or the other.

`python -m benchmarks.reliability.kills --data FOLDER` prints a line for each kill and a summary: the runs
that could be resumed, the seconds and steps of work lost, and whether the weights after the first epoch are
identical, bit for bit, to those of a run that was not killed; if one is not, the exit code is 1. Every second
run is resumed by `aestudio train --resume RUN`, the others by Python's `run.resume()`.

Every training and every resumption is a process of its own, a fork of one that has imported torch and begun
no thread: 200 kills would otherwise import it 400 times.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aestudio.runs.kept_run import KeptRun
from benchmarks.reliability.timed_training import STEPS, record_times

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT = 600.0  # seconds
DOORS = ("command line", "Python")
RESUMING = re.compile(r"Resuming at step ([\d,]+) of")


@dataclass(frozen=True)
class Kill:
    """One kill.

    door:  by which it was resumed, one of DOORS
    after: seconds since the first step; done: steps at the kill; kept: the step at which it was resumed
    same:  whether the epoch ended with the weights and curves of a run that was not killed
    """

    door: str

    after: float
    done: int
    kept: int
    seconds_lost: float
    same: bool


class Process:
    """A fork of this process that runs `work`; its output goes to a file."""

    def __init__(self, work: Callable[[], object], output: Path) -> None:
        self._id = os.fork()
        if not self._id:
            code = 1
            try:
                descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
                os.dup2(descriptor, 1)
                os.dup2(descriptor, 2)
                work()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                os._exit(code)

    def ended(self) -> bool:
        """Whether it has ended."""
        if self._id and os.waitpid(self._id, os.WNOHANG)[0]:
            self._id = 0
        return not self._id

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        if not self.ended():
            os.kill(self._id, signal.SIGKILL)
            os.waitpid(self._id, 0)
            self._id = 0


class KillTest:
    """Trainings of one recipe, each in its own folder, all with the same seed and one thread."""

    def __init__(self, folder: Path, recipe: str, dataset: str, data: Path | None) -> None:
        self.folder = folder
        self.options = ["--epochs", "1", "--device", "cpu", "--dataset", dataset]
        self.recipe = recipe
        os.environ |= {"AESTUDIO_THREADS": "1", "AESTUDIO_HOME": str(folder / "home")}
        if data is not None:
            os.environ["AESTUDIO_DATA"] = str(data)

    def train_uninterrupted(self) -> tuple[KeptRun, float]:
        """A run that is not killed, and the seconds of its only epoch.

        All runs end with their first epoch, which makes twenty comparisons feasible.
        """
        folder = self.folder / "uninterrupted"
        process = self._start(folder)
        _wait_until(lambda: _ended(folder, process), "the end of the run that is not killed")
        process.kill()  # it would continue with the metrics of the test set
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
        process.kill()
        at = time.monotonic()
        times = times.copy()
        done = int(np.flatnonzero(times)[-1])
        door = DOORS[number % len(DOORS)]
        kept, same = self._resume(folder, uninterrupted, door)
        return Kill(door, at - float(times[1]), done, kept, at - float(times[max(1, kept)]), same)

    def _resume(self, folder: Path, uninterrupted: KeptRun, door: str) -> tuple[int, bool]:
        output = folder.with_suffix(".resumed")
        process = Process(lambda: resume(folder, door), output)
        _wait_until(lambda: _ended(folder, process), "the end of the resumed run")
        process.kill()
        match = RESUMING.search(output.read_text("utf-8"))
        run = KeptRun.at(folder)
        weights, expected = run.snapshot().weights, uninterrupted.snapshot().weights
        same = run.status == "finished" and all(
            np.array_equal(weights[name], expected[name]) for name in expected
        )
        return int(match[1].replace(",", "")) if match else 0, same and run.points() == uninterrupted.points()

    def _start(self, folder: Path) -> Process:
        np.zeros(STEPS).tofile(folder.with_suffix(".times"))

        def train() -> None:
            record_times(folder.with_suffix(".times"))
            command("train", self.recipe, *self.options, "--out", str(folder))

        return Process(train, folder.with_suffix(".log"))

    def _times(self, folder: Path) -> np.memmap[tuple[int], np.dtype[np.float64]]:
        return np.memmap(folder.with_suffix(".times"), dtype=np.float64, mode="r", shape=(STEPS,))


def command(*arguments: str) -> None:
    """Run a command line in this process, to its exit."""
    from aestudio.cli import main as cli

    sys.argv[1:] = arguments
    cli.main()


def resume(folder: Path, door: str) -> None:
    """Go on with the run in the folder through one of DOORS; prints the step at which it resumes."""
    if door == "command line":
        command("train", "--resume", str(folder))
    import aestudio

    run = aestudio.open_run(folder)
    print(f"Resuming at step {run.kept.newest_state().step:,} of", flush=True)
    run.resume()


def _ended(folder: Path, process: Process) -> bool:
    return process.ended() or KeptRun.at(folder).status == "finished"


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
    import aestudio.api
    import aestudio.cli.main
    import aestudio.training.trainer  # and torch with it  # noqa: F401

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
                f"{kill.kept:4} by {kill.door}, {kill.seconds_lost:4.2f} s lost, then "
                f"{'' if kill.same else 'NOT '}the same",
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
    if not all(kill.same for kill in kills):
        sys.exit(1)


if __name__ == "__main__":
    main()
