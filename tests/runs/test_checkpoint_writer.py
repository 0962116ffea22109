"""Checkpoints by the clock: written beside the steps, the newest first, never over a newer one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.runs import checkpoint_writer, recorder
from aestudio.runs.checkpoint_writer import CheckpointWriter
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.locked_folder import LockedFolder
from aestudio.runs.record import record
from aestudio.training import trainer
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, Paused
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint


class Disk:
    """Replaces `write_checkpoint`: it can wait, can refuse, and records what it wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real = checkpoint_writer.write_checkpoint
        self.gate = threading.Event()
        self.at_work = threading.Event()
        self.written: list[int] = []
        self.full = False
        monkeypatch.setattr(checkpoint_writer, "write_checkpoint", self)

    def __call__(self, folder: Path, checkpoint: Checkpoint, is_there: object = None) -> None:
        self.at_work.set()
        assert self.gate.wait(30)
        if self.full:
            raise StudioError("The disk is full")
        self.real(folder, checkpoint)
        self.written.append(checkpoint.snapshot.step)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def writer(tmp_path: Path, disk: Disk) -> Iterator[CheckpointWriter]:
    checkpoint_writer = CheckpointWriter(tmp_path, lambda write: write() and None, lambda: True)
    yield checkpoint_writer
    disk.gate.set()
    checkpoint_writer.close()
    checkpoint_writer.close()


def taken(kept: KeptRun, step: int) -> CheckpointTaken:
    return CheckpointTaken(kept.history_checkpoint(step), periodic=True)


def test_the_training_does_not_wait_and_the_newest_is_written(
    kept: KeptRun, writer: CheckpointWriter, disk: Disk
) -> None:
    first = taken(kept, 2)
    writer.add(first)
    assert disk.at_work.wait(30)
    last = taken(kept, 4)
    writer.add(taken(kept, 3))
    writer.add(last)
    assert writer.results() == []
    disk.gate.set()
    writer.close()
    assert disk.written == [2, 4]
    assert writer.results() == [first, last]


def test_an_older_checkpoint_never_replaces_a_newer_one(
    kept: KeptRun, writer: CheckpointWriter, disk: Disk
) -> None:
    writer.add(taken(kept, 2))
    assert disk.at_work.wait(30)
    writer.add(taken(kept, 3))
    forgetting = threading.Thread(target=writer.discard_waiting)
    forgetting.start()
    disk.gate.set()
    forgetting.join(30)
    writer.close()
    assert disk.written == [2]
    assert writer.results() == []


def test_refusals_of_the_disk_are_reported(kept: KeptRun, writer: CheckpointWriter, disk: Disk) -> None:
    disk.full = True
    disk.gate.set()
    writer.add(taken(kept, 2))
    writer.close()
    (problem,) = writer.results()
    assert isinstance(problem, StudioError)
    assert "full" in str(problem)


def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint by the clock at every step."""
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "IN_EPOCH_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "LARGEST_SHARE", float("inf"))


def test_a_pause_and_the_end_wait_for_the_disk(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    often(monkeypatch)
    commands = Commands()
    commands.advance(7)
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    for event in record(train(spec, few_digits, commands), spec, tmp_path / "run"):
        checkpoint = KeptRun.at(tmp_path / "run").checkpoint()
        if isinstance(event, CheckpointTaken):
            assert checkpoint is not None
            assert checkpoint.snapshot.step >= event.checkpoint.snapshot.step
        if isinstance(event, Paused | Ended):
            assert checkpoint is not None
            assert checkpoint.snapshot.step == event.step
        if isinstance(event, Paused):
            commands.stop()


def test_checkpoints_are_written_again_after_a_full_disk(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, disk: Disk
) -> None:
    """Everything that was refused is written as soon as the disk accepts a checkpoint."""
    often(monkeypatch)
    problems: list[StudioError] = []
    disk.gate.set()
    disk.full = True
    spec = RunSpec("run", quick_recipe(epochs=4), few_digits.origin, "cpu")
    writer = recorder.Recorder(spec, LockedFolder(tmp_path), problems.append)
    for event in train(spec, few_digits):
        if type(event).__name__ == "Started":
            writer.begin(event)  # type: ignore[arg-type]
        else:
            writer.take(event)
        if problems and disk.full:
            disk.full = False
        kept = writer.changes()
        if any(isinstance(state, CheckpointTaken) for state in kept):
            assert writer.problem is None
    writer.close()
    assert len(problems) == 1
    assert writer.problem is None
