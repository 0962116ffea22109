"""The history in the run's folder: written, thinned, listed, read, and dropped if the run goes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import BadChoice, StudioError, ignore_problem
from aestudio.runs import history_files as history_module
from aestudio.runs.history_files import HistoryWriter, history_path, list_history, read_history_checkpoint
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.start import resume_run
from aestudio.training.checkpoint_history import HistoryCheckpoint
from aestudio.training.events import (
    Ended,
    HistoryCheckpointKept,
    HistoryCheckpointTaken,
    MetricPoint,
    Started,
)
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event

STEPS = [*range(18), 18]


def begin(folder: Path, digits: Dataset, problems: list[StudioError] | None = None) -> Iterator[Event]:
    spec = RunSpec(folder.name, quick_recipe(), digits.origin, "cpu")
    return record(train(spec, digits), spec, folder, ignore_problem if problems is None else problems.append)


def test_reported_checkpoints_are_in_the_folder(tmp_path: Path, few_digits: Dataset) -> None:
    folder, checkpoints = tmp_path / "run", []
    for event in begin(folder, few_digits):
        assert not isinstance(event, HistoryCheckpointTaken)
        if isinstance(event, HistoryCheckpointKept):
            checkpoints.append(event.history_checkpoint)
            assert set(checkpoints) <= set(KeptRun.at(folder).history_checkpoints())
        if isinstance(event, Ended):
            assert KeptRun.at(folder).history_checkpoints() == tuple(checkpoints)
    assert [checkpoint.step for checkpoint in checkpoints] == STEPS
    assert [checkpoint.epoch for checkpoint in checkpoints] == [step / 9 for step in STEPS]


def test_each_checkpoint_is_restored_bit_for_bit(tmp_path: Path, few_digits: Dataset) -> None:
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    taken = [
        event.checkpoint for event in train(spec, few_digits) if isinstance(event, HistoryCheckpointTaken)
    ]
    list(begin(tmp_path / "run", few_digits))
    run = KeptRun.at(tmp_path / "run")
    for entry, checkpoint in zip(run.history_checkpoints(), taken, strict=True):
        read = run.history_checkpoint(entry.step)
        assert entry.size == checkpoint.size == read.size
        assert same_weights(read.snapshot, checkpoint.snapshot)
        assert same_weights(run.history_weights(entry.step), checkpoint.snapshot)
        assert all(
            np.array_equal(read.optimiser[name], checkpoint.optimiser[name]) for name in read.optimiser
        )
        assert np.array_equal(read.noise, checkpoint.noise)
        assert list(read.counters) == list(checkpoint.counters)


def test_the_history_is_thinned_to_its_budget(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "3")
    list(begin(tmp_path / "run", few_digits))
    kept = KeptRun.at(tmp_path / "run").history_checkpoints()
    assert 2 <= len(kept) < len(STEPS)
    assert (
        sum(checkpoint.size for checkpoint in kept)
        <= 3_000_000
        < sum(checkpoint.size for checkpoint in kept) + kept[0].size
    )
    assert (kept[0].step, kept[-1].step) == (0, 18)
    assert len(list((tmp_path / "run" / "moments").iterdir())) == len(kept)


@pytest.mark.parametrize("megabytes", ["0", "1"])
def test_a_checkpoint_above_the_budget_is_not_kept(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, megabytes: str
) -> None:
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", megabytes)
    spec = RunSpec("run", quick_recipe(hidden=(100,)), few_digits.origin, "cpu")
    events = list(record(train(spec, few_digits), spec, tmp_path / "run"))
    assert not any(isinstance(event, HistoryCheckpointKept) for event in events)
    assert KeptRun.at(tmp_path / "run").history_checkpoints() == ()


def test_a_budget_that_is_no_number_is_refused_and_the_folder_is_free_again(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "plenty")
    with pytest.raises(BadChoice, match="AESTUDIO_MOMENTS_MB"):
        list(begin(tmp_path / "run", few_digits))
    monkeypatch.delenv("AESTUDIO_MOMENTS_MB")
    assert isinstance(list(begin(tmp_path / "run", few_digits))[-1], Ended)


def test_resuming_after_a_crash_drops_no_checkpoint(tmp_path: Path, few_digits: Dataset) -> None:
    """The history is newer than the checkpoint: the run resumes from the newest state."""
    folder = tmp_path / "run"
    events = begin(folder, few_digits)
    for event in events:
        if isinstance(event, MetricPoint) and event.step == 14:
            break
    events.close()  # type: ignore[attr-defined]
    assert [checkpoint.step for checkpoint in KeptRun.at(folder).history_checkpoints()] == list(range(14))
    going_on = resume_run(KeptRun.at(folder), few_digits)
    started = next(going_on)
    assert isinstance(started, Started)
    assert started.step == 13
    assert [checkpoint.step for checkpoint in KeptRun.at(folder).history_checkpoints()] == list(range(14))
    list(going_on)
    straight = tmp_path / "straight"
    list(begin(straight, few_digits))
    assert [checkpoint.step for checkpoint in KeptRun.at(folder).history_checkpoints()] == STEPS
    for step in STEPS:
        assert same_weights(
            KeptRun.at(folder).history_checkpoint(step).snapshot,
            KeptRun.at(straight).history_checkpoint(step).snapshot,
        )


def test_a_full_disk_affects_the_history_only(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, problems = history_module.write_checkpoint_file, []

    def full(path: Path, *arguments: Any, **named: Any) -> None:
        if 3 <= int(path.stem) <= 6:
            raise StudioError("The disk is full")
        real(path, *arguments, **named)

    monkeypatch.setattr(history_module, "write_checkpoint_file", full)
    events = list(begin(tmp_path / "run", few_digits, problems))
    kept = [event.history_checkpoint.step for event in events if isinstance(event, HistoryCheckpointKept)]
    assert kept == [step for step in STEPS if not 3 <= step <= 6]
    assert [checkpoint.step for checkpoint in KeptRun.at(tmp_path / "run").history_checkpoints()] == kept
    assert len(problems) == 1
    assert isinstance(events[-1], Ended)


def test_other_files_are_no_checkpoints(kept: KeptRun) -> None:
    before = kept.history_checkpoints()
    folder = kept.folder / "moments"
    (folder / "notes.txt").write_text("mine")
    (folder / "later.safetensors").write_bytes(b"x" * 100)
    (folder / "000000999.safetensors").write_bytes(b"")
    assert kept.history_checkpoints() == before
    path = history_path(kept.folder, 5)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(StudioError, match="damaged"):
        kept.history_checkpoint(5)
    with pytest.raises(StudioError, match="damaged"):
        kept.history_weights(5)
    with pytest.raises(StudioError, match="does not exist"):
        kept.history_weights(12345)


def test_an_older_run_has_no_history(tmp_path: Path) -> None:
    assert list_history(tmp_path, 9) == ()


def test_writing_a_checkpoint_leaves_no_other_file(kept: KeptRun, tmp_path: Path) -> None:
    writer = HistoryWriter(tmp_path)
    writer.begin(0, 9)
    checkpoint = kept.history_checkpoint(4)
    writer.add(checkpoint)
    writer.flush()
    assert [result.step for result in writer.results() if isinstance(result, HistoryCheckpoint)] == [4]
    writer.close()
    writer.close()
    assert [path.name for path in (tmp_path / "moments").iterdir()] == ["000000004.safetensors"]
    again = read_history_checkpoint(tmp_path, 4, "run", kept.require_record().architecture)
    assert same_weights(again.snapshot, replace(checkpoint.snapshot))
