"""What a run goes on from: the newest complete state, whichever file holds it; nothing newer is deleted."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError, ignore_problem
from aestudio.runs.history_files import history_path
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.newest_state import move_aside, state_files
from aestudio.runs.record import record
from aestudio.runs.run_record import change_record
from aestudio.runs.start import resume_run
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS, write_checkpoint
from aestudio.training.commands import Commands
from aestudio.training.events import HistoryCheckpointKept, LiveChange, MetricPoint, Started
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def interrupted(tmp_path: Path, few_digits: Dataset) -> KeptRun:
    """A run interrupted in its first epoch: its history of steps 0 to 5, and nothing else."""
    spec = RunSpec("interrupted", quick_recipe(), few_digits.origin, "cpu")
    with closing(record(train(spec, few_digits), spec, tmp_path / "interrupted")) as events:
        for event in events:
            if isinstance(event, HistoryCheckpointKept) and event.history_checkpoint.step == 5:
                break
    for path in (tmp_path / "interrupted" / "moments").iterdir():
        if int(path.stem) > 5:
            path.unlink()
    # On a busy machine the training was further when its event arrived.
    for name in (CHECKPOINT, WEIGHTS):
        (tmp_path / "interrupted" / name).unlink(missing_ok=True)
    return KeptRun.at(tmp_path / "interrupted")


def damage(path: Path) -> bytes:
    """Truncate the file; returns the remaining bytes."""
    path.write_bytes(path.read_bytes()[:2000])
    return path.read_bytes()


def finish(run: KeptRun, digits: Dataset, problems: list[StudioError] | None = None) -> int:
    """Resume to the end; returns the step from which it resumed."""
    events = resume_run(run, digits, on_problem=ignore_problem if problems is None else problems.append)
    started = next(events)
    assert isinstance(started, Started)
    list(events)
    return started.step


def test_a_run_interrupted_in_its_first_epoch_resumes_exactly(
    interrupted: KeptRun, keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    assert interrupted.status == "interrupted"
    assert not (interrupted.folder / CHECKPOINT).exists()
    assert interrupted.snapshot().step == interrupted.newest_state().step == 5
    assert finish(interrupted, few_digits) == 5
    straight = keep(tmp_path / "straight", quick_recipe())
    again = KeptRun.at(interrupted.folder)
    assert again.points() == straight.points()
    assert same_weights(again.snapshot(), straight.snapshot())
    assert again.history_checkpoints() == straight.history_checkpoints()
    assert not (interrupted.folder / "aside").exists()


@pytest.mark.parametrize("step", [3, 7])
def test_the_newest_state_is_used_from_any_file(
    interrupted: KeptRun, keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset, step: int
) -> None:
    other = keep(tmp_path / "other", quick_recipe(), stop_at=step).checkpoint()
    assert other is not None
    write_checkpoint(interrupted.folder, other)
    assert interrupted.newest_state().step == max(5, step)
    assert interrupted.snapshot().step == max(5, step)
    assert finish(interrupted, few_digits) == max(5, step)


def test_damaged_states_are_skipped_reported_and_moved_aside(
    interrupted: KeptRun, few_digits: Dataset, keep: Callable[..., KeptRun], tmp_path: Path
) -> None:
    write_checkpoint(interrupted.folder, interrupted.history_checkpoint(3))
    parts = [damage(history_path(interrupted.folder, step)) for step in (4, 5)]
    points = (interrupted.folder / "metrics.jsonl").read_bytes()
    problems: list[StudioError] = []
    assert interrupted.snapshot().step == 3
    assert finish(interrupted, few_digits, problems) == 3
    assert len(problems) == 1
    assert "is of step 3" in str(problems[0])
    assert "000000005.safetensors" in str(problems[0])
    aside = interrupted.folder / "aside"
    assert [(aside / f"00000000{step}.safetensors").read_bytes() for step in (4, 5)] == parts
    assert (aside / "metrics.jsonl").read_bytes() == points
    straight = keep(tmp_path / "straight", quick_recipe())
    assert KeptRun.at(interrupted.folder).points() == straight.points()
    assert same_weights(KeptRun.at(interrupted.folder).snapshot(), straight.snapshot())


def test_a_checkpoint_without_a_step_counts_as_the_newest(interrupted: KeptRun, few_digits: Dataset) -> None:
    (interrupted.folder / CHECKPOINT).write_bytes(b"")
    problems: list[StudioError] = []
    assert finish(interrupted, few_digits, problems) == 5
    assert CHECKPOINT in str(problems[0])
    assert (interrupted.folder / "aside" / CHECKPOINT).read_bytes() == b""


def test_a_run_without_a_valid_state_starts_again_and_deletes_nothing(
    interrupted: KeptRun, few_digits: Dataset
) -> None:
    for step in range(6):
        damage(history_path(interrupted.folder, step))
    problems: list[StudioError] = []
    assert finish(interrupted, few_digits, problems) == 0
    assert "no other is left" in str(problems[0])
    aside = {path.name for path in (interrupted.folder / "aside").glob("*.safetensors")}
    assert aside == {f"00000000{step}.safetensors" for step in range(1, 6)}


def test_a_finished_run_without_a_valid_state_is_not_started_again(
    kept: KeptRun, few_digits: Dataset
) -> None:
    for file in state_files(kept.folder):
        damage(file.path)
    weights = kept.snapshot()
    with pytest.raises(StudioError, match="damaged"):
        finish(kept, few_digits)
    assert same_weights(KeptRun.at(kept.folder).snapshot(), weights)
    assert KeptRun.at(kept.folder).status == "finished"


def test_a_run_with_only_its_history_is_not_started_again(interrupted: KeptRun, few_digits: Dataset) -> None:
    spec = RunSpec("interrupted", quick_recipe(), few_digits.origin, "cpu")
    with pytest.raises(StudioError, match="already"):
        list(record(train(spec, few_digits), spec, interrupted.folder))
    assert interrupted.newest_state().step == 5


def test_resuming_from_an_older_state_moves_newer_checkpoints_aside(
    interrupted: KeptRun, few_digits: Dataset
) -> None:
    """As a window does after a failed training: it resumes from the checkpoint that it holds."""
    spec = RunSpec("interrupted", quick_recipe(), few_digits.origin, "cpu")
    list(record(train(spec, few_digits, None, interrupted.history_checkpoint(3)), spec, interrupted.folder))
    names = {path.name for path in (interrupted.folder / "aside").iterdir()}
    assert names == {"000000004.safetensors", "000000005.safetensors", "metrics.jsonl"}


def test_each_resume_has_its_own_aside_folder(interrupted: KeptRun) -> None:
    (interrupted.folder / WEIGHTS).write_bytes(b"none")
    assert move_aside(interrupted.folder, 4) == interrupted.folder / "aside"
    assert move_aside(interrupted.folder, 4) is None
    assert move_aside(interrupted.folder, 2) == interrupted.folder / "aside (2)"
    assert [file.step for file in state_files(interrupted.folder)] == [2, 1, 0]


def test_a_diverged_run_resumes_from_the_last_good_state(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    """Its history has diverging but finite states that are newer than the good ones."""
    run = keep(tmp_path / "run", quick_recipe(optimiser="sgd", learning_rate=10.0))
    assert run.status == "diverged"
    good = run.snapshot().step
    newest = run.history_checkpoints()[-1].step
    change_record(run.folder, status="interrupted")
    assert KeptRun.at(run.folder).newest_state().step == newest
    change_record(run.folder, status="diverged")
    assert KeptRun.at(run.folder).newest_state().step <= good < newest


def test_a_setting_changed_after_the_state_is_reset(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    """It was changed at the step of the newest state, and then the process died."""
    commands = Commands()
    commands.advance(5)
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    with closing(record(train(spec, few_digits, commands), spec, tmp_path / "run")) as events:
        for event in events:
            if type(event).__name__ == "Paused":
                commands.change("beta", 4.0)
                commands.resume()
            elif isinstance(event, LiveChange):
                break
    run = KeptRun.at(tmp_path / "run")
    assert run.require_record().live == {"beta": 4.0}
    assert finish(run, few_digits) == 5
    again, straight = KeptRun.at(run.folder), keep(tmp_path / "straight", quick_recipe())
    assert again.require_record().live == {}
    assert again.points() == straight.points()
    assert same_weights(again.snapshot(), straight.snapshot())


def test_an_unreadable_state_is_not_skipped(interrupted: KeptRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state may be valid: the program must not resume from an older one by itself."""
    from aestudio.runs import newest_state

    def forbidden(path: Path, run: str, recipe: object) -> None:
        raise StudioError("No permission to read", where=str(path)) from PermissionError(13, "no")

    monkeypatch.setattr(newest_state, "read_checkpoint_file", forbidden)
    with pytest.raises(StudioError, match="No permission"):
        interrupted.newest_state()


def test_an_older_state_never_passes_for_weights_that_cannot_be_read(
    interrupted: KeptRun, few_digits: Dataset
) -> None:
    """The run can be opened, and resumes from the state that is shown; a warning says that it was further."""
    warnings: list[StudioError] = []
    (interrupted.folder / WEIGHTS).write_bytes(b"damaged")
    change_record(interrupted.folder, step=5)
    assert KeptRun.at(interrupted.folder).snapshot(warnings.append).step == 5
    assert warnings == []
    change_record(interrupted.folder, step=6)
    assert KeptRun.at(interrupted.folder).snapshot(warnings.append).step == 5
    assert "weights of step 6 of this run cannot be read; those of step 5" in str(warnings[0])
    events = list(resume_run(KeptRun.at(interrupted.folder), few_digits))
    assert min(event.step for event in events if isinstance(event, MetricPoint)) == 6
    assert KeptRun.at(interrupted.folder).status == "finished"


def test_a_newer_state_that_cannot_be_read_is_reported_with_the_weights(interrupted: KeptRun) -> None:
    damage(history_path(interrupted.folder, 5))
    warnings: list[StudioError] = []
    assert interrupted.snapshot(warnings.append).step == 4
    assert [warning.where for warning in warnings] == [str(history_path(interrupted.folder, 5))]
