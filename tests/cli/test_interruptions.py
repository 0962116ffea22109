"""What happens to a computer while the command line trains: a closed lid, a wrong clock, lost folders.

The training is a process of its own. Each ends in a sentence, or in nothing that is lost, and goes on later.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.runs.kept_run import KeptRun
from tests.images import save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals between processes are POSIX's")

PATIENCE = 240.0  # seconds
# The command line, in which the clock of the wall jumps by an hour, forward and back, while it trains.
JUMPING = """
import sys, time
real, began = time.time, time.monotonic()
time.time = lambda: real() + 3600 * (int((time.monotonic() - began) * 20) % 3 - 1)
from aestudio.cli.main import main
main()
"""


class Trainings:
    """Processes of the command line on a few digits, with a home of their own."""

    def __init__(self, folder: Path, digits: Path) -> None:
        self.folder, self.digits, self.output = folder, digits, folder / "output"
        self.started: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {"AESTUDIO_HOME": str(folder / "home"), "AESTUDIO_THREADS": "1"}

    def start(self, name: str, *arguments: str, code: str = "") -> subprocess.Popen[bytes]:
        how = ["-c", code] if code else ["-m", "aestudio"]
        with self.output.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *how, "train", *arguments, "--out", str(self.folder / name)],
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        self.started.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> tuple[int, str]:
        """Its exit code, once it has ended, and what the last process that was started printed."""
        code = process.wait(PATIENCE)
        return code, self.output.read_text("utf-8")

    def resume(self, name: str, *, epochs: int) -> None:
        """Go on to so many epochs after the one that the run has reached; it must end well."""
        step = self.run(name).require_record().step
        process = self.start(name, "--resume", "--epochs", str(step // 9 + epochs))
        assert self.end(process)[0] == 0, self.output.read_text("utf-8")
        assert self.run(name).status == "finished"

    def new(self, name: str, epochs: int, code: str = "") -> subprocess.Popen[bytes]:
        """A training of a small VAE: nine steps an epoch."""
        small = ("--set", "hidden=24", "--set", "latent_size=3", "--set", "batch_size=32", "--seed", "4")
        data = ("--dataset", str(self.digits), "--device", "cpu", "--epochs", str(epochs))
        return self.start(name, "vae", *data, *small, code=code)

    def at_step(self, name: str, step: int, process: subprocess.Popen[bytes]) -> None:
        """Wait until the run has a complete state of this step or a later one."""
        until = time.monotonic() + PATIENCE
        while True:
            states = [int(path.stem) for path in (self.folder / name / "moments").glob("*.safetensors")]
            if max(states, default=-1) >= step:
                return
            assert process.poll() is None, self.output.read_text("utf-8")
            assert time.monotonic() < until, "not in time"
            time.sleep(0.05)

    def run(self, name: str) -> KeptRun:
        return KeptRun.at(self.folder / name)


@pytest.fixture
def trainings(tmp_path: Path, few_digits: Dataset) -> Iterator[Trainings]:
    (tmp_path / "data").mkdir()
    trainings = Trainings(tmp_path, save(few_digits, tmp_path / "data"))
    yield trainings
    for process in trainings.started:
        if process.poll() is None:
            process.kill()
            process.wait()


def same_run(one: KeptRun, other: KeptRun) -> bool:
    weights, expected = one.snapshot().weights, other.snapshot().weights
    return one.points() == other.points() and all(
        np.array_equal(weights[name], expected[name]) for name in expected
    )


@pytest.mark.thorough
def test_a_closed_lid_and_a_clock_that_jumps_change_nothing(trainings: Trainings) -> None:
    """Stopped and continued three times, as a computer that sleeps, beside a clock that is set."""
    straight = trainings.new("straight", 40)
    assert trainings.end(straight)[0] == 0
    sleeping = trainings.new("sleeping", 40, JUMPING)
    for step in (3, 9, 20):
        trainings.at_step("sleeping", step, sleeping)
        sleeping.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        sleeping.send_signal(signal.SIGCONT)
    assert trainings.end(sleeping)[0] == 0
    run = trainings.run("sleeping")
    assert run.status == "finished"
    assert same_run(run, trainings.run("straight"))
    assert run.require_record().seconds < 3600, "an hour of the clock is none of training"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_in_a_sentence_and_a_run_that_goes_on(trainings: Trainings, number: int) -> None:
    training = trainings.new("run", 10_000)
    trainings.at_step("run", 5, training)
    training.send_signal(number)
    code, text = trainings.end(training)
    assert code == 130
    assert "aestudio train --resume" in text.splitlines()[-1]
    assert trainings.run("run").status == "stopped"
    trainings.resume("run", epochs=3)


@pytest.mark.slow
def test_ctrl_c_twice_ends_at_once(trainings: Trainings) -> None:
    training = trainings.new("run", 10_000)
    trainings.at_step("run", 5, training)
    training.send_signal(signal.SIGINT)
    training.send_signal(signal.SIGINT)  # the system may deliver both as one: then it is a stop
    code, text = trainings.end(training)
    assert code == 130
    assert f'aestudio train --resume "{trainings.folder / "run"}"' in text.splitlines()[-1]
    assert "Traceback" not in text
    run = trainings.run("run")
    assert run.status in ("stopped", "interrupted")
    assert run.newest_state().step >= 5
    trainings.resume("run", epochs=3)


@pytest.mark.thorough
def test_a_data_folder_that_vanishes(trainings: Trainings) -> None:
    """The training has its images in memory and goes on; resuming says what is missing until it is there."""
    training = trainings.new("run", 10_000)
    trainings.at_step("run", 5, training)
    away = shutil.move(trainings.digits.parent, trainings.folder / "away")
    reached = trainings.run("run").history_checkpoints()[-1].step
    trainings.at_step("run", reached + 20, training)
    training.send_signal(signal.SIGINT)
    assert trainings.end(training)[0] == 130
    code, text = trainings.end(trainings.start("run", "--resume"))
    assert code in (1, 2)
    (line,) = text.strip().splitlines()
    assert str(trainings.digits) in line
    assert trainings.run("run").status == "stopped"
    shutil.move(away, trainings.digits.parent)
    trainings.resume("run", epochs=3)


@pytest.mark.slow
def test_a_home_that_vanishes(trainings: Trainings) -> None:
    """Home and run are moved away while it trains: the run is kept in a new one, and goes on from there."""
    name, rescued = "home/data/runs/run", "home/data/runs/run (rescued)"
    training = trainings.new(name, 10_000)
    trainings.at_step(name, 5, training)
    (trainings.folder / "home").rename(trainings.folder / "away")
    trainings.at_step(rescued, 6, training)
    training.send_signal(signal.SIGINT)
    code, text = trainings.end(training)
    assert code in (1, 130)
    assert str(trainings.folder / rescued) in text
    assert trainings.run(rescued).status == "stopped"
    trainings.resume(rescued, epochs=3)


@pytest.mark.thorough
def test_two_processes_on_one_run(trainings: Trainings) -> None:
    """The second one is refused with a sentence and disturbs nothing; labels can be written meanwhile."""
    training = trainings.new("run", 10_000)
    trainings.at_step("run", 5, training)
    code, text = trainings.end(trainings.start("run", "--resume"))
    assert code == 1
    assert "This run is being trained right now" in text
    trainings.run("run").rename("Named meanwhile")
    assert training.poll() is None
    training.send_signal(signal.SIGINT)
    trainings.end(training)
    run = trainings.run("run")
    assert (run.status, run.title) == ("stopped", "Named meanwhile")
    assert run.require_record().title == "Named meanwhile"
