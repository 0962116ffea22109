"""Starting and resuming runs: their folders, their names, and what is left of a run that never began."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_dataset import FILE as IMAGES
from aestudio.runs.start import resume_run, start_run
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, MetricPoint, Paused, Started, Yielded
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.training.events import Checkpoint


def halted(digits: Dataset, step: int, folder: Path) -> Checkpoint:
    """The last state of a run that was stopped at this step."""
    commands = Commands()
    commands.advance(step)
    states: list[Checkpoint] = []
    for event in start_run(quick_recipe(), digits, commands, folder=folder, device="cpu"):
        if isinstance(event, Paused):
            commands.stop()
        elif isinstance(event, CheckpointTaken):
            states.append(event.checkpoint)
    return states[-1]


def test_a_new_run_gets_a_folder_of_a_new_name(few_digits: Dataset) -> None:
    recipe = quick_recipe(epochs=1)
    one = start_run(recipe, few_digits, device="cpu")
    other = start_run(recipe, few_digits, device="cpu", title="The other")
    assert one.folder.parent == other.folder.parent == runs_folder()
    assert one.folder != other.folder
    first, *_ = one
    assert isinstance(first, Started)
    assert first.run == one.folder.name
    list(other)
    assert {(run.name, run.title) for run in kept_runs()} == {
        (one.folder.name, "VAE, latent 3, epochs 1, hidden layers 24, batch 32"),
        (other.folder.name, "The other"),
    }
    assert {run.status for run in kept_runs()} == {"finished"}


def test_a_run_in_a_given_folder_is_called_like_it(few_digits: Dataset, tmp_path: Path) -> None:
    events = start_run(quick_recipe(epochs=1), few_digits, folder=tmp_path / "here", device="cpu")
    assert events.folder == tmp_path / "here"
    list(events)
    assert KeptRun.at(tmp_path / "here").require_record().name == "here"
    assert kept_runs() == ()


def test_a_run_that_was_never_pulled_leaves_nothing(few_digits: Dataset, tmp_path: Path) -> None:
    events = start_run(quick_recipe(), few_digits)
    arrays = start_run(quick_recipe(), few_digits, keep_images=True)
    assert {path.name for path in arrays.folder.iterdir()} == {IMAGES}
    events.close()
    arrays.close()
    arrays.close()
    assert list(runs_folder().iterdir()) == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    start_run(quick_recipe(), few_digits, folder=tmp_path / "mine").close()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("keep_images", [False, True])
def test_a_run_that_fails_to_begin_leaves_nothing(few_digits: Dataset, keep_images: bool) -> None:
    bare = Dataset("bare", "Bare", ImageSet(few_digits.train.images), ImageSet(few_digits.test.images))
    events = start_run(quick_recipe("digit-classifier"), bare, device="cpu", keep_images=keep_images)
    with pytest.raises(StudioError, match="needs labels"):
        next(events)
    assert list(runs_folder().iterdir()) == []


def test_images_that_cannot_be_written_leave_nothing(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StudioError("The disk is full")

    monkeypatch.setattr("aestudio.runs.run_dataset.write_saved_dataset", full)
    with pytest.raises(StudioError, match="disk is full"):
        start_run(quick_recipe(), few_digits, keep_images=True)
    assert list(runs_folder().iterdir()) == []


def test_images_are_kept_if_wanted(few_digits: Dataset) -> None:
    with_images = start_run(quick_recipe(epochs=1), few_digits, device="cpu", keep_images=True)
    without = start_run(quick_recipe(epochs=1), few_digits, device="cpu")
    list(with_images)
    list(without)
    assert (with_images.folder / IMAGES).exists()
    assert not (without.folder / IMAGES).exists()
    assert len(KeptRun.at(with_images.folder).dataset().train) == 300


def test_closing_keeps_the_run(few_digits: Dataset) -> None:
    events = start_run(quick_recipe(), few_digits, device="cpu", keep_images=True)
    for event in events:
        if isinstance(event, MetricPoint) and event.step == 4:
            break
    events.close()
    assert list(events) == []
    run = KeptRun.at(events.folder)
    assert run.status == "interrupted"
    assert run.newest_state().step == 3
    assert (events.folder / IMAGES).exists()


def test_a_run_in_turn_with_others_gives_way(few_digits: Dataset) -> None:
    events = start_run(quick_recipe(epochs=1), few_digits, device="cpu", in_turns=True)
    assert [event.step for event in events if isinstance(event, Yielded)] == [4, 8]


# ---- resuming from memory -------------------------------------------------------------------------


def test_a_checkpoint_in_memory_continues_exactly(
    keep: Callable[..., KeptRun], few_digits: Dataset, tmp_path: Path
) -> None:
    """It may be newer than those in the folder, if the disk was full."""
    straight = keep(tmp_path / "straight", quick_recipe())
    state = halted(few_digits, 5, tmp_path / "halted")
    (tmp_path / "halted" / "checkpoint.safetensors").unlink()
    shutil.rmtree(tmp_path / "halted" / "moments")
    first, *_ = resume_run(KeptRun.at(tmp_path / "halted"), few_digits, checkpoint=state)
    assert isinstance(first, Started)
    assert first.step == 5
    resumed = KeptRun.at(tmp_path / "halted")
    assert same_weights(resumed.snapshot(), straight.snapshot())
    assert resumed.points() == straight.points()


def test_a_run_keeps_its_name_in_a_folder_of_another_name(few_digits: Dataset, tmp_path: Path) -> None:
    """Its folder was lost while it was trained; until it is opened, the window knows it by this name."""
    state = halted(few_digits, 5, tmp_path / "lost")
    (tmp_path / "lost").rename(tmp_path / "lost (rescued)")
    events = resume_run(KeptRun.at(tmp_path / "lost (rescued)"), few_digits, checkpoint=state)
    started = next(events)
    events.close()
    assert isinstance(started, Started)
    assert started.run == "lost"
    assert events.folder == tmp_path / "lost (rescued)"


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_run_whose_folder_is_gone_is_not_written_again(
    few_digits: Dataset, tmp_path: Path, in_memory: bool
) -> None:
    state = halted(few_digits, 5, tmp_path / "run")
    run = KeptRun.at(tmp_path / "run")
    shutil.move(run.folder, tmp_path / "elsewhere")
    with pytest.raises(StudioError, match="folder of this run is gone"):
        resume_run(run, few_digits, checkpoint=state if in_memory else None)
    assert not run.folder.exists()


def test_a_shipped_model_is_not_resumed_from_memory(few_digits: Dataset, tmp_path: Path) -> None:
    state = halted(few_digits, 5, tmp_path / "run")
    with pytest.raises(StudioError, match="shipped model cannot be"):
        resume_run(replace(KeptRun.at(tmp_path / "run"), shipped=True), few_digits, checkpoint=state)
