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
from aestudio.runs.resume import resume
from aestudio.runs.run_record import change_record
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS, write_checkpoint
from aestudio.training.commands import Commands
from aestudio.training.events import HistoryCheckpointKept, LiveChange, Started
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def died(tmp_path: Path, few_digits: Dataset) -> KeptRun:
    """A run that broke off in its first epoch: moments of steps 0 to 5, and nothing else."""
    spec = RunSpec("died", quick_recipe(), few_digits.origin, "cpu")
    with closing(record(train(spec, few_digits), spec, tmp_path / "died")) as events:
        for event in events:
            if isinstance(event, HistoryCheckpointKept) and event.history_checkpoint.step == 5:
                break
    for path in (tmp_path / "died" / "moments").iterdir():
        if int(path.stem) > 5:
            path.unlink()
    # On a busy machine the training was further when its moment was heard of.
    for name in (CHECKPOINT, WEIGHTS):
        (tmp_path / "died" / name).unlink(missing_ok=True)
    return KeptRun.at(tmp_path / "died")


def damage(path: Path) -> bytes:
    """Cut the file off; what is left of it."""
    path.write_bytes(path.read_bytes()[:2000])
    return path.read_bytes()


def finish(run: KeptRun, digits: Dataset, told: list[StudioError] | None = None) -> int:
    """Go on to the end; returns the step that it went on from."""
    events = resume(run, digits, on_problem=ignore_problem if told is None else told.append)
    started = next(events)
    assert isinstance(started, Started)
    list(events)
    return started.step


def test_a_run_that_died_in_its_first_epoch_goes_on_and_is_the_same(
    died: KeptRun, keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    assert died.status == "interrupted"
    assert not (died.folder / CHECKPOINT).exists()
    assert died.snapshot().step == died.newest_state().step == 5
    assert finish(died, few_digits) == 5
    straight = keep(tmp_path / "straight", quick_recipe())
    again = KeptRun.at(died.folder)
    assert again.points() == straight.points()
    assert same_weights(again.snapshot(), straight.snapshot())
    assert again.history_checkpoints() == straight.history_checkpoints()
    assert not (died.folder / "aside").exists()


@pytest.mark.parametrize("step", [3, 7])
def test_the_newest_wins_whichever_file_holds_it(
    died: KeptRun, keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset, step: int
) -> None:
    other = keep(tmp_path / "other", quick_recipe(), stop_at=step).checkpoint()
    assert other is not None
    write_checkpoint(died.folder, other)
    assert died.newest_state().step == max(5, step)
    assert died.snapshot().step == max(5, step)
    assert finish(died, few_digits) == max(5, step)


def test_what_is_damaged_is_passed_over_said_and_put_aside(
    died: KeptRun, few_digits: Dataset, keep: Callable[..., KeptRun], tmp_path: Path
) -> None:
    write_checkpoint(died.folder, died.history_checkpoint(3))
    parts = [damage(history_path(died.folder, step)) for step in (4, 5)]
    points = (died.folder / "metrics.jsonl").read_bytes()
    told: list[StudioError] = []
    assert died.snapshot().step == 3
    assert finish(died, few_digits, told) == 3
    assert len(told) == 1
    assert "is of step 3" in str(told[0])
    assert "000000005.safetensors" in str(told[0])
    aside = died.folder / "aside"
    assert [(aside / f"00000000{step}.safetensors").read_bytes() for step in (4, 5)] == parts
    assert (aside / "metrics.jsonl").read_bytes() == points
    straight = keep(tmp_path / "straight", quick_recipe())
    assert KeptRun.at(died.folder).points() == straight.points()
    assert same_weights(KeptRun.at(died.folder).snapshot(), straight.snapshot())


def test_a_checkpoint_that_tells_no_step_counts_as_the_newest(died: KeptRun, few_digits: Dataset) -> None:
    (died.folder / CHECKPOINT).write_bytes(b"")
    told: list[StudioError] = []
    assert finish(died, few_digits, told) == 5
    assert CHECKPOINT in str(told[0])
    assert (died.folder / "aside" / CHECKPOINT).read_bytes() == b""


def test_a_run_with_nothing_whole_begins_again_and_deletes_nothing(
    died: KeptRun, few_digits: Dataset
) -> None:
    for step in range(6):
        damage(history_path(died.folder, step))
    told: list[StudioError] = []
    assert finish(died, few_digits, told) == 0
    assert "no other is left" in str(told[0])
    aside = {path.name for path in (died.folder / "aside").glob("*.safetensors")}
    assert aside == {f"00000000{step}.safetensors" for step in range(1, 6)}


def test_a_finished_run_with_nothing_whole_is_not_begun_again(kept: KeptRun, few_digits: Dataset) -> None:
    for file in state_files(kept.folder):
        damage(file.path)
    weights = kept.snapshot()
    with pytest.raises(StudioError, match="damaged"):
        finish(kept, few_digits)
    assert same_weights(KeptRun.at(kept.folder).snapshot(), weights)
    assert KeptRun.at(kept.folder).status == "finished"


def test_moments_alone_are_a_run_that_nobody_begins_again(died: KeptRun, few_digits: Dataset) -> None:
    spec = RunSpec("died", quick_recipe(), few_digits.origin, "cpu")
    with pytest.raises(StudioError, match="already"):
        list(record(train(spec, few_digits), spec, died.folder))
    assert died.newest_state().step == 5


def test_going_on_from_an_older_state_puts_newer_moments_aside(died: KeptRun, few_digits: Dataset) -> None:
    """As a window does whose training broke: it goes on from the checkpoint that it has."""
    spec = RunSpec("died", quick_recipe(), few_digits.origin, "cpu")
    list(record(train(spec, few_digits, None, died.history_checkpoint(3)), spec, died.folder))
    names = {path.name for path in (died.folder / "aside").iterdir()}
    assert names == {"000000004.safetensors", "000000005.safetensors", "metrics.jsonl"}


def test_each_occasion_has_a_folder_of_its_own(died: KeptRun) -> None:
    (died.folder / WEIGHTS).write_bytes(b"none")
    assert move_aside(died.folder, 4) == died.folder / "aside"
    assert move_aside(died.folder, 4) is None
    assert move_aside(died.folder, 2) == died.folder / "aside (2)"
    assert [file.step for file in state_files(died.folder)] == [2, 1, 0]


def test_a_diverged_run_goes_on_from_what_was_good(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    """Its history has finite states on their way to infinity, newer than the good ones."""
    run = keep(tmp_path / "run", quick_recipe(optimiser="sgd", learning_rate=10.0))
    assert run.status == "diverged"
    good = run.snapshot().step
    newest = run.history_checkpoints()[-1].step
    change_record(run.folder, status="interrupted")
    assert KeptRun.at(run.folder).newest_state().step == newest
    change_record(run.folder, status="diverged")
    assert KeptRun.at(run.folder).newest_state().step <= good < newest


def test_a_setting_moved_after_the_state_is_moved_no_more(
    tmp_path: Path, few_digits: Dataset, keep: Callable[..., KeptRun]
) -> None:
    """It was moved at the very step of the newest state, and then the process died."""
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


def test_a_state_that_may_not_be_read_is_not_passed_over(
    died: KeptRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be whole: going on from an older one is not for the program to decide."""
    from aestudio.runs import newest_state

    def forbidden(path: Path, run: str, recipe: object) -> None:
        raise StudioError("No permission to read", where=str(path)) from PermissionError(13, "no")

    monkeypatch.setattr(newest_state, "read_checkpoint_file", forbidden)
    with pytest.raises(StudioError, match="No permission"):
        died.newest_state()


def test_weights_whose_step_cannot_be_read_count_as_those_of_the_record(died: KeptRun) -> None:
    """An older state must not pass for the newest one because the weights' header is damaged."""
    (died.folder / WEIGHTS).write_bytes(b"damaged")
    change_record(died.folder, step=5)
    assert KeptRun.at(died.folder).snapshot().step == 5
    change_record(died.folder, step=6)
    with pytest.raises(StudioError, match=r"damaged or cut off.*weights\.safetensors"):
        KeptRun.at(died.folder).snapshot()


def test_a_newer_state_that_cannot_be_read_is_reported_with_the_weights(died: KeptRun) -> None:
    damage(history_path(died.folder, 5))
    warnings: list[StudioError] = []
    assert died.snapshot(warnings.append).step == 4
    assert [warning.where for warning in warnings] == [str(history_path(died.folder, 5))]
