"""The list of runs: read in parts, labelled, removed, restored, thinned; tries give way to the next."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.controllers import kept_runs_changes
from aestudio.gui.state.run_list_changes import listed_rows
from aestudio.paths import runs_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_rows import run_row
from aestudio.runs.run_size import total_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.session import Session

    Reach = Callable[[Callable[[], object]], None]


def own(session: Session) -> list[KeptRun]:
    return [run for run in session.state.runs if not run.shipped]


def try_once(session: Session, reach: Reach) -> Path:
    """Start, stop within the first epoch, and go back to the initial weights."""
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    folder = session.state.training.path
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    session.training.reset()
    reach(lambda: session.state.training.phase == "idle" and not session.state.tasks)
    return folder


@pytest.fixture
def copies(session: Session, reach: Reach, tmp_path: Path) -> Session:
    """A session with three finished runs, all of them read."""
    session.training.start()
    reach(lambda: session.state.training.phase == "ended" and own(session))
    folder = own(session)[0].folder
    for name in ("second", "third"):
        shutil.copytree(folder, folder.parent / name)
    session.runs.refresh()
    reach(lambda: len(own(session)) == 3 and not session.state.tasks)
    return session


def test_rows_are_read_in_parts_and_each_part_is_shown(
    copies: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_runs_changes, "FIRST_ROWS", 1)
    monkeypatch.setattr(kept_runs_changes, "MORE_ROWS", 2)
    copies.update(run_list=type(copies.state.run_list)())
    counts: list[int] = []
    copies.changed.connect(lambda: counts.append(len(copies.state.run_list.rows)))
    copies.runs.refresh()
    reach(lambda: counts and counts[-1] == len(copies.state.runs) and not copies.state.tasks)
    assert {1, 3} <= set(counts)
    assert counts == sorted(counts)
    listed = listed_rows(copies.state)
    assert [row.run for row in listed] == list(copies.state.runs)
    assert [(row.name, row.size) for row in listed] == [
        (row.name, row.size) for row in map(run_row, copies.state.runs)
    ]
    assert copies.state.run_list.unread == 0
    assert copies.state.run_list.total == total_size(own(copies))


def test_a_label_is_in_the_list_at_once_and_on_the_disk(copies: Session, reach: Reach) -> None:
    first, second, third = own(copies)
    copies.runs.rename(first, "best of all")
    copies.runs.set_note(first, "a\nb")
    copies.runs.change_tags([first, second], ["talk", "old"])
    reach(lambda: not copies.state.tasks)
    copies.runs.change_tags([second, third], ["new"], ["OLD"])
    reach(lambda: not copies.state.tasks)
    rows = {row.run.folder: row for row in listed_rows(copies.state)}
    assert rows[first.folder].name == "best of all"
    assert [rows[run.folder].tags for run in (first, second, third)] == [
        ("talk", "old"),
        ("talk", "new"),
        ("new",),
    ]
    on_disk = {run.folder: run for run in kept_runs()}
    assert on_disk[first.folder].title == "best of all"
    assert on_disk[first.folder].note == "a\nb"
    assert on_disk[second.folder].tags == ("talk", "new")


def test_a_label_that_is_not_possible_is_refused_in_words(copies: Session, reach: Reach) -> None:
    first, second, _ = own(copies)
    copies.runs.change_tags([first, second], ["x" * 50])
    reach(lambda: copies.state.message.tone == "bad")
    assert "50 characters" in copies.state.message.text
    assert "1 more" in copies.state.message.text
    assert all(not run.tags for run in kept_runs())


def test_several_runs_are_removed_and_one_undo_brings_all_of_them_back(copies: Session, reach: Reach) -> None:
    before = {run.folder for run in own(copies)}
    gone = own(copies)[:2]
    copies.runs.remove(*gone)
    reach(lambda: len(own(copies)) == 1 and not copies.state.tasks)
    assert {run.folder for run in kept_runs()} == before - {run.folder for run in gone}
    (removal,) = copies.state.run_list.removals
    assert len(removal.folders) == 2
    assert not removal.replaced
    assert {one.run.folder for one in copies.state.run_list.trash} == set(removal.folders)
    copies.runs.undo_removal()
    reach(lambda: len(own(copies)) == 3 and not copies.state.tasks)
    assert {run.folder for run in kept_runs()} == before
    assert copies.state.run_list.removals == ()
    assert copies.state.run_list.trash == ()
    copies.runs.undo_removal()
    assert not copies.state.tasks
    assert copies.state.message.text == "No run was removed that could be brought back."


def test_a_list_that_was_read_before_a_run_began_does_not_take_it_away(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused" and own(session) and not session.state.tasks)
    folder = session.state.training.path
    assert [run.folder for run in own(session)] == [folder]
    monkeypatch.setattr("aestudio.runs.index.list_runs", lambda: ())
    session.runs.refresh()
    reach(lambda: not session.state.tasks)
    assert [run.folder for run in session.state.runs] == [folder]
    assert session.state.run_list.rows[folder].status == "paused"


def test_a_run_that_is_being_trained_stays_and_the_others_go(copies: Session, reach: Reach) -> None:
    copies.training.reset()
    reach(lambda: copies.state.training.phase == "idle" and not copies.state.tasks)
    copies.training.step()
    reach(lambda: copies.state.training.phase == "paused")
    trained = KeptRun.at(copies.state.training.path)
    other = next(run for run in own(copies) if run.folder != trained.folder)
    copies.runs.remove(trained, other)
    reach(lambda: copies.state.message.tone == "bad" and not copies.state.tasks)
    assert "being trained" in copies.state.message.text
    assert trained.folder.is_dir()
    assert not other.folder.is_dir()
    (removal,) = copies.state.run_list.removals
    assert len(removal.folders) == 1


def test_the_user_is_told_what_thinning_frees_before_it_does(
    copies: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.runs import thinning

    plan, thin = thinning.plan_thinning, thinning.thin_histories
    monkeypatch.setattr(thinning, "plan_thinning", lambda runs, **how: plan(runs, 0, **how))
    monkeypatch.setattr(thinning, "thin_histories", lambda runs, **how: thin(runs, 0, **how))
    before = total_size(own(copies))
    copies.runs.plan_thinning()
    reach(lambda: copies.state.run_list.thinning is not None)
    planned = copies.state.run_list.thinning
    assert planned is not None
    assert set(planned.runs) == {"second", "third"}, "the run on show keeps its history"
    assert total_size(own(copies)) == before
    copies.runs.thin()
    reach(lambda: copies.state.message.tone == "good" and not copies.state.tasks)
    assert before - total_size(own(copies)) == planned.freed > 0
    assert copies.state.run_list.total == before - planned.freed
    assert copies.state.run_list.thinning is None


def test_five_tries_are_one_row(session: Session, reach: Reach) -> None:
    folders = [try_once(session, reach) for _ in range(5)]
    reach(lambda: len(own(session)) == 1)
    assert [run.folder for run in kept_runs()] == folders[-1:]
    assert [removal.replaced for removal in session.state.run_list.removals] == [True] * 4
    session.runs.undo_removal()
    reach(lambda: len(own(session)) == 2 and not session.state.tasks)
    assert folders[-1] in {run.folder for run in kept_runs()}


def test_the_next_start_says_that_it_replaces_a_try(session: Session, reach: Reach) -> None:
    try_once(session, reach)
    session.training.step()
    reach(lambda: session.state.run_list.removals)
    assert "replaces the try VAE" in session.state.message.text


@pytest.mark.parametrize("wanted", ["opened", "named", "marked"])
def test_a_try_that_somebody_wants_stays(session: Session, reach: Reach, wanted: str) -> None:
    first = try_once(session, reach)
    run = next(run for run in own(session) if run.folder == first)
    if wanted == "opened":
        session.runs.open(run)
        reach(lambda: session.state.training.folder == first)
        session.training.reset()
        reach(lambda: session.state.training.phase == "idle" and not session.state.tasks)
    elif wanted == "named":
        session.runs.rename(run, "for Monday")
    else:
        (first / "bookmarks.npz").write_bytes(b"anything")
    reach(lambda: not session.state.tasks)
    second = try_once(session, reach)
    assert {run.folder for run in kept_runs()} == {first, second}
    assert session.state.run_list.removals == ()


def test_what_was_resumed_is_not_replaced(session: Session, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    first = session.state.training.path
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    assert session.state.training.resumable
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    assert session.state.training.path == first
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    session.training.reset()
    reach(lambda: session.state.training.phase == "idle" and not session.state.tasks)
    second = try_once(session, reach)
    assert {run.folder for run in kept_runs()} == {first, second}


def test_runs_of_the_folder_that_are_not_ours_stay(session: Session, reach: Reach) -> None:
    """Only what this window has begun is replaced, though an older try is beside it."""
    first = try_once(session, reach)
    old = shutil.copytree(first, runs_folder() / "an old try")
    try_once(session, reach)
    assert not first.exists()
    assert old.is_dir()
