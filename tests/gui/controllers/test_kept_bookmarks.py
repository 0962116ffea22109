"""Bookmarks stay with their run: over restarts, over other runs, and with Undo."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.state.model_state import ExploredModel
from aestudio.paths import data_folder, runs_folder
from aestudio.runs.bookmarks_file import FILE, Bookmark, read_bookmarks, write_bookmarks
from aestudio.storage.npz import read_npz

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot


@pytest.fixture
def settle(qtbot: QtBot, studio_session: Session) -> Callable[[], None]:
    def settled() -> None:
        studio_session.changed.emit()
        qtbot.waitUntil(
            lambda: (
                not studio_session.state.tasks
                and not studio_session.state.pending
                and studio_session.state.exploration.image is not None
            )
        )

    return settled


def names(session: Session) -> list[str]:
    return [mark.name for mark in session.state.workspace.bookmarks]


def show(session: Session, snapshot: Snapshot) -> None:
    session.update(model=ExploredModel(snapshot, snapshot.run, "kept"))


def test_they_are_written_as_they_change_and_follow_the_run(
    studio_session: Session, settle: Callable[[], None], make_snapshot: Callable[..., Snapshot]
) -> None:
    session = studio_session
    settle()
    session.explore.move_to(np.full(6, 0.5, np.float32))
    session.workspace.bookmark("here")
    session.workspace.bookmark("again")
    settle()
    path = data_folder() / "bookmarks" / "tiny.npz"  # this run has no folder
    first, second = read_bookmarks(path)
    assert (first.name, second.name) == ("here", "again")
    np.testing.assert_array_equal(first.code, np.full(6, 0.5, np.float32))
    np.testing.assert_array_equal(first.image, session.state.exploration.image)  # type: ignore[arg-type]

    folder = runs_folder() / "second"
    folder.mkdir(parents=True)
    write_bookmarks(folder / "bookmarks.npz", [Bookmark("kept before", np.ones(6, np.float32))])
    show(session, replace(make_snapshot(), run="second"))
    assert names(session) == []
    settle()
    assert names(session) == ["kept before"]
    session.workspace.remove_bookmark(0)
    session.workspace.undo()
    assert names(session) == ["kept before"]
    for _ in range(5):
        session.workspace.undo()
    assert names(session) == ["kept before"], "what was read is no change that Undo could take back"
    session.workspace.bookmark("new here")
    settle()
    assert [mark.name for mark in read_bookmarks(folder / "bookmarks.npz")] == [
        "kept before",
        "new here",
    ]
    show(session, make_snapshot())
    settle()
    assert names(session) == ["here", "again"]
    assert [mark.name for mark in read_bookmarks(path)] == ["here", "again"]


def test_a_damaged_file_is_reported_and_moved_aside(
    studio_session: Session, settle: Callable[[], None], make_snapshot: Callable[..., Snapshot]
) -> None:
    session = studio_session
    folder = runs_folder() / "spoilt"
    folder.mkdir(parents=True)
    (folder / "bookmarks.npz").write_bytes(b"nonsense")
    show(session, replace(make_snapshot(), run="spoilt"))
    settle()
    assert "cannot be read" in session.state.message.text
    session.workspace.bookmark("new")
    settle()
    assert [mark.name for mark in read_bookmarks(folder / "bookmarks.npz")] == ["new"]
    assert (folder / "bookmarks.npz.damaged").read_bytes() == b"nonsense"


def test_a_run_of_the_same_name_elsewhere_has_its_own(
    studio_session: Session,
    settle: Callable[[], None],
    make_snapshot: Callable[..., Snapshot],
    tmp_path: Path,
) -> None:
    session, elsewhere = studio_session, tmp_path / "runs" / "twice"
    for folder in (elsewhere, runs_folder() / "twice"):
        folder.mkdir(parents=True)
    show(session, replace(make_snapshot(), run="twice"))
    settle()
    session.workspace.bookmark("mine")
    settle()
    show(session, replace(make_snapshot(seed=1), run="twice", home=str(elsewhere)))
    settle()
    assert names(session) == []
    session.workspace.bookmark("theirs")
    settle()
    assert [mark.name for mark in read_bookmarks(runs_folder() / "twice" / FILE)] == ["mine"]
    assert [mark.name for mark in read_bookmarks(elsewhere / FILE)] == ["theirs"]


def test_two_windows_on_one_run_keep_both_their_bookmarks(
    studio_session: Session, settle: Callable[[], None], make_snapshot: Callable[..., Snapshot]
) -> None:
    """The file is changed as the other window would change it."""
    session, path = studio_session, runs_folder() / "shared" / "bookmarks.npz"
    path.parent.mkdir(parents=True)
    write_bookmarks(
        path,
        [
            Bookmark("both", np.ones(6, np.float32)),
            Bookmark("old", np.zeros(6, np.float32)),
        ],
    )
    show(session, replace(make_snapshot(), run="shared"))
    settle()
    assert names(session) == ["both", "old"]
    write_bookmarks(
        path,
        [
            Bookmark("both", np.ones(6, np.float32)),
            Bookmark("theirs", np.ones(6, np.float32)),
        ],
    )
    session.workspace.bookmark("ours")
    settle()
    assert [mark.name for mark in read_bookmarks(path)] == names(session) == ["both", "theirs", "ours"]
    assert "Another window" in session.state.message.text
    session.workspace.undo()
    assert names(session) == ["both", "theirs"]
    settle()
    assert [mark.name for mark in read_bookmarks(path)] == ["both", "theirs"]


def test_an_older_damaged_copy_is_not_overwritten(
    studio_session: Session, settle: Callable[[], None], make_snapshot: Callable[..., Snapshot]
) -> None:
    folder = runs_folder() / "spoilt"
    folder.mkdir(parents=True)
    (folder / "bookmarks.npz").write_bytes(b"nonsense")
    (folder / "bookmarks.npz.damaged").write_bytes(b"what somebody may repair")
    show(studio_session, replace(make_snapshot(), run="spoilt"))
    settle()
    studio_session.workspace.bookmark("new")
    settle()
    assert (folder / "bookmarks.npz.damaged").read_bytes() == b"what somebody may repair"
    assert (folder / "bookmarks.npz.damaged (2)").read_bytes() == b"nonsense"


@pytest.mark.parametrize("then", ["close", "show another run"])
def test_one_added_while_the_file_is_being_read_is_kept(
    studio_session: Session,
    settle: Callable[[], None],
    make_snapshot: Callable[..., Snapshot],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    then: str,
) -> None:
    session, may_read = studio_session, threading.Event()
    settle()
    path = runs_folder() / "second" / FILE
    path.parent.mkdir(parents=True)
    write_bookmarks(path, [Bookmark("kept before", np.ones(6, np.float32))])

    def slow(*arguments: object) -> object:
        may_read.wait(60)
        return read_npz(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("aestudio.runs.bookmarks_file.read_npz", slow)
    show(session, replace(make_snapshot(), run="second"))
    session.workspace.add_bookmark("added", np.zeros(6, np.float32), None)
    if then == "close":
        session.close()
    else:
        show(session, replace(make_snapshot(), run="third"))
    may_read.set()
    qtbot.waitUntil(lambda: [mark.name for mark in read_bookmarks(path)] == ["kept before", "added"])
    qtbot.waitUntil(session.close)
