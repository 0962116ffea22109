"""A try is replaced by the next one; whatever has any sign of being wanted stays."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.bookmarks_file import Bookmark, write_bookmarks
from aestudio.runs.branch import branch_run
from aestudio.runs.drawings_file import Drawing, write_drawings
from aestudio.runs.index import kept_runs, shipped_models
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.removed_runs import removed_runs, restore
from aestudio.runs.run_record import BranchedFrom, change_record
from aestudio.runs.short_tries import reason_to_keep, replace_tries
from aestudio.runs.start import resume_run, start_run
from aestudio.storage.lock import RunLock
from aestudio.training.commands import Commands
from aestudio.training.events import Paused, Started
from tests.runs.conftest import quick_recipe, same_weights, train_and_keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.removed_runs import RemovedRun

STEPS_PER_EPOCH = 9


def short(digits: Dataset, steps: int = 4, **how: Any) -> KeptRun:
    """A new run among the user's that is stopped after so many steps."""
    commands = Commands()
    commands.advance(steps)
    events = start_run(quick_recipe(), digits, commands, device="cpu", **how)
    for event in events:
        if isinstance(event, Paused):
            commands.stop()
    return KeptRun.at(events.folder)


@pytest.fixture(scope="module")
def tried_once(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was stopped after four of nine steps of its first epoch."""
    folder = tmp_path_factory.mktemp("tries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        return train_and_keep(few_digits, folder / "try", quick_recipe(), stop_at=4).folder


@pytest.fixture
def tried(tried_once: Path) -> KeptRun:
    """A copy of it among the user's runs."""
    return KeptRun.at(Path(shutil.copytree(tried_once, runs_folder() / "try")))


def test_five_tries_are_one_row(few_digits: Dataset) -> None:
    told: list[RemovedRun] = []
    runs: list[KeptRun] = []
    for _ in range(5):
        earlier = [run.folder for run in runs[-1:]]
        runs.append(short(few_digits, replaces=earlier, on_replaced=told.append))
    assert [run.folder for run in kept_runs()] == [runs[-1].folder]
    assert [one.title for one in told] == [run.title for run in runs[:-1]]
    assert len(removed_runs()) == 4


def test_what_was_replaced_comes_back(tried: KeptRun, few_digits: Dataset) -> None:
    weights = tried.snapshot()
    told: list[RemovedRun] = []
    short(few_digits, replaces=[tried.folder], on_replaced=told.append)
    assert not tried.folder.exists()
    back = restore(told[0].run.folder)
    assert back.folder == tried.folder
    assert same_weights(back.snapshot(), weights)


def test_nothing_is_replaced_unless_asked_for(tried: KeptRun, few_digits: Dataset) -> None:
    short(few_digits)
    assert tried.folder.is_dir()
    assert len(kept_runs()) == 2


def test_only_a_run_that_has_begun_replaces_another(tried: KeptRun, few_digits: Dataset) -> None:
    events = start_run(quick_recipe(), few_digits, device="cpu", replaces=[tried.folder])
    events.close()
    assert tried.folder.is_dir(), "it was never pulled"
    bare = replace(few_digits, train=replace(few_digits.train, labels=None))
    failing = start_run(quick_recipe("digit-classifier"), bare, device="cpu", replaces=[tried.folder])
    with pytest.raises(StudioError, match="labels"):
        next(failing)
    assert tried.folder.is_dir(), "it could not begin"
    events = start_run(quick_recipe(), few_digits, device="cpu", replaces=[tried.folder])
    assert isinstance(next(events), Started)
    assert not tried.folder.exists()
    events.close()


def trained_on(run: KeptRun, digits: Dataset, steps: int) -> None:
    commands = Commands()
    commands.advance(steps)
    for event in resume_run(run, digits, commands):
        if isinstance(event, Paused):
            commands.stop()


def bookmarked(run: KeptRun, digits: Dataset) -> None:
    write_bookmarks(run.folder / "bookmarks.npz", [Bookmark("here", np.zeros(3, np.float32))])


def drawn_for(run: KeptRun, digits: Dataset) -> None:
    write_drawings(run.folder / "pins.npz", [Drawing("mine", digits.train.images[0])])


def exported_into(run: KeptRun, digits: Dataset) -> None:
    (run.folder / "features.npz").write_bytes(b"x")


KEPT: dict[str, tuple[Callable[[KeptRun, Dataset], object], str]] = {
    "renamed": (lambda run, _: run.rename("good"), "has a name"),
    "named by the program": (lambda run, _: change_record(run.folder, title="VAE: β 4"), "has a name"),
    "noted": (lambda run, _: run.with_note("look here"), "note or tags"),
    "tagged": (lambda run, _: run.with_tags(["good"]), "note or tags"),
    "unreadable labels": (lambda run, _: (run.folder / "labels.json").write_text("{"), "cannot be read"),
    "bookmarked": (bookmarked, "something of the user"),
    "drawn for": (drawn_for, "something of the user"),
    "exported into": (exported_into, "something of the user"),
    "resumed": (lambda run, digits: trained_on(run, digits, 1), "was resumed"),
    "a whole epoch": (lambda run, digits: trained_on(run, digits, 5), "for an epoch"),
    "branched": (lambda run, _: branch_run(run, 3, {}), "another run has branched"),
    "a branch": (
        lambda run, _: change_record(run.folder, branched_from=BranchedFrom(run="x", step=1)),
        "is a branch",
    ),
    "measured": (lambda run, _: change_record(run.folder, evaluation={"ssim": 0.5}), "was measured"),
    "finished": (lambda run, _: change_record(run.folder, status="finished"), "not stopped by the user"),
    "early stopping": (
        lambda run, _: change_record(run.folder, status="early_stopping"),
        "not stopped by the user",
    ),
    "killed": (lambda run, _: change_record(run.folder, status="running"), "not stopped by the user"),
    "further before it diverged": (
        lambda run, _: change_record(run.folder, epoch=1.0),
        "for an epoch",
    ),
    "unknown length": (lambda run, _: change_record(run.folder, steps_per_epoch=0), "for an epoch"),
    "damaged": (lambda run, _: (run.folder / "run.json").write_text("{"), "cannot be read"),
}


def test_a_try_may_be_replaced(tried: KeptRun) -> None:
    assert tried.require_record().epoch == pytest.approx(4 / STEPS_PER_EPOCH)
    assert reason_to_keep(tried) == ""
    change_record(tried.folder, status="diverged")
    assert reason_to_keep(KeptRun.at(tried.folder)) == ""


@pytest.mark.parametrize("case", KEPT)
def test_what_is_more_than_a_try_stays(case: str, tried: KeptRun, few_digits: Dataset) -> None:
    change, reason = KEPT[case]
    change(tried, few_digits)
    assert reason in reason_to_keep(KeptRun.at(tried.folder))
    assert replace_tries([tried.folder], runs_folder() / "new") == []
    assert tried.folder.is_dir()
    assert removed_runs() == ()


def test_a_run_that_is_trained_stays(tried: KeptRun) -> None:
    lock = RunLock(tried.folder)
    try:
        assert reason_to_keep(tried) == "it is being trained"
        assert replace_tries([tried.folder], runs_folder() / "new") == []
    finally:
        lock.release()
    assert tried.folder.is_dir()


def test_a_problem_with_the_old_run_never_ends_the_new_one(
    tried: KeptRun, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: KeptRun) -> str:
        raise PermissionError(13, "Permission denied", str(run.folder))

    monkeypatch.setattr("aestudio.runs.short_tries.reason_to_keep", refuse)
    problems: list[StudioError] = []
    new = short(few_digits, replaces=[tried.folder], on_problem=problems.append)
    assert new.status == "stopped"
    assert tried.folder.is_dir()
    assert [problem.what for problem in problems] == ["No permission to read"]


def test_points_of_a_later_epoch_count(tried: KeptRun) -> None:
    """A diverged run goes back to its last good weights: its curves say how far it was."""
    change_record(tried.folder, status="diverged", step=2, epoch=2 / STEPS_PER_EPOCH)
    with (tried.folder / "metrics.jsonl").open("a") as file:
        file.write('{"split": "training", "step": 10, "epoch": 1.11, "terms": {"loss": 5.0}}\n')
    assert reason_to_keep(KeptRun.at(tried.folder)) == "it was trained for an epoch"


def test_a_branch_that_was_removed_still_shares_its_history(tried: KeptRun) -> None:
    branch = branch_run(tried, 3, {})
    if (branch.folder / "moments" / "000000003.safetensors").stat().st_nlink == 1:
        pytest.skip("files cannot be shared here")
    branch.move_to_trash()
    assert reason_to_keep(tried) == "another run shares its history"


def test_shipped_models_links_and_other_folders_stay(tried: KeptRun, tmp_path: Path) -> None:
    assert reason_to_keep(shipped_models()[0]) == "it came with the program"
    elsewhere = Path(shutil.copytree(tried.folder, tmp_path / "elsewhere"))
    os.symlink(elsewhere, runs_folder() / "link")
    new = runs_folder() / "new"
    assert (
        replace_tries([elsewhere, runs_folder() / "link", runs_folder() / "gone", tried.folder], tried.folder)
        == []
    )
    assert elsewhere.is_dir()
    assert tried.folder.is_dir()
    assert [one.name for one in replace_tries([tried.folder], new)] == ["try"]
