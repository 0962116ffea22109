"""Drawings stay with the run in which they were kept."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.gui.workers.opened_run import read_run
from aestudio.runs.bookmarks_file import FILE as BOOKMARKS
from aestudio.runs.bookmarks_file import Bookmark, read_bookmarks, write_bookmarks
from aestudio.runs.drawings_file import FILE, Drawing, read_drawings, write_drawings
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.shared_list import SharedList
from aestudio.storage.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session

WAIT = 20_000


@pytest.fixture
def second_session(studio_session: Session, qtbot: QtBot) -> Iterator[Session]:
    """What another window on the same home has."""
    from aestudio.gui.controllers.session import Session

    session = Session()
    yield session
    qtbot.waitUntil(session.close, timeout=WAIT)


@pytest.fixture
def kept_run(few_digits: Dataset) -> Path:
    """A run of one epoch among the user's runs."""
    from aestudio.paths import runs_folder
    from aestudio.recipes.library import find_recipe
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    recipe = find_recipe("hidden-256").with_settings({"latent_size": 6, "epochs": 1, "batch_size": 100})
    spec = RunSpec("r", recipe, "builtin", "cpu")
    for _ in record(train(spec, few_digits), spec, runs_folder() / "r"):
        pass
    return runs_folder() / "r"


def names(folder: Path) -> list[str]:
    return [drawing.name for drawing in read_drawings(folder / FILE)]


def shown(session: Session) -> list[str]:
    return [drawing.name for drawing in session.state.workspace.drawings]


def writing(session: Session) -> bool:
    return any(task.startswith("write drawings") for task in session.state.tasks)


def test_drawings_come_back_with_their_run_and_changes_are_written(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    seven = np.full((1, 28, 28), 7, np.uint8)
    write_drawings(kept_run / FILE, [Drawing("seven", seven)])
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "mine")
    session.runs.open("r")
    qtbot.waitUntil(
        lambda: [drawing.name for drawing in session.state.workspace.drawings] == ["seven"], timeout=WAIT
    )
    np.testing.assert_array_equal(session.state.workspace.drawings[0].image, seven)
    session.workspace.undo()
    assert [drawing.name for drawing in session.state.workspace.drawings] == ["mine"], (
        "nothing is lost by opening a run"
    )
    session.workspace.redo()
    session.workspace.rename_drawing(0, "my seven")
    qtbot.waitUntil(lambda: names(kept_run) == ["my seven"], timeout=WAIT)
    session.workspace.remove_drawing(0)
    qtbot.waitUntil(lambda: names(kept_run) == [], timeout=WAIT)


def test_a_run_without_drawings_is_not_written_to_until_one_is_kept_there(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "from elsewhere")
    session.runs.open("r")
    qtbot.waitUntil(lambda: session.state.training.run == "r", timeout=WAIT)
    qtbot.wait(100)
    assert [drawing.name for drawing in session.state.workspace.drawings] == ["from elsewhere"], (
        "to be compared"
    )
    assert names(kept_run) == []
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "here")
    qtbot.waitUntil(lambda: names(kept_run) == ["from elsewhere", "here"], timeout=WAIT)


def test_a_damaged_file_is_reported_and_the_run_opens(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    (kept_run / "pins.npz").write_bytes(b"torn")
    studio_session.runs.open("r")
    qtbot.waitUntil(lambda: "pins.npz" in studio_session.state.message.text, timeout=WAIT)
    assert studio_session.state.training.run == "r"
    assert (kept_run / "pins.npz").read_bytes() == b"torn", "not overwritten"


def test_a_damaged_file_is_put_aside_and_never_gets_the_drawings_of_the_run_before(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    (kept_run / "pins.npz").write_bytes(b"torn")
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "of the run before")
    session.runs.open("r")
    qtbot.waitUntil(lambda: "pins.npz" in session.state.message.text, timeout=WAIT)
    assert session.state.workspace.drawings == (), "they do not replace the drawings that cannot be read"
    session.workspace.undo()
    assert [drawing.name for drawing in session.state.workspace.drawings] == ["of the run before"], (
        "nothing is lost"
    )
    session.workspace.redo()
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert (kept_run / "pins.npz").read_bytes() == b"torn"
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "here")
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert names(kept_run) == ["here"]
    assert (kept_run / "pins.npz.damaged").read_bytes() == b"torn"
    assert "pins.npz.damaged" in session.state.message.text


def test_showing_a_run_writes_nothing_into_it_also_where_the_state_is_told_at_once(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    write_drawings(kept_run / FILE, [Drawing("seven", np.full((1, 28, 28), 7, np.uint8))])
    session = studio_session
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "of the run before")
    written = []
    session.changed.connect(lambda: written.append(writing(session)))
    session.runs.show(read_run("r"))
    qtbot.waitUntil(lambda: shown(session) == ["seven"], timeout=WAIT)
    assert not any(written)
    assert names(kept_run) == ["seven"]
    session.workspace.undo()
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert names(kept_run) == ["seven"], "what Undo shows again is the run's before"


def test_two_windows_keep_drawings_in_one_run(
    studio_session: Session, second_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    one, other = studio_session, second_session
    write_drawings(kept_run / FILE, [Drawing("old", np.full((1, 28, 28), 7, np.uint8))])
    for session in (one, other):
        session.runs.open("r")
        qtbot.waitUntil(
            lambda s=session: [drawing.name for drawing in s.state.workspace.drawings] == ["old"],
            timeout=WAIT,
        )
    one.workspace.keep_drawing(np.full((1, 28, 28), 1, np.uint8), "from one")
    qtbot.waitUntil(lambda: names(kept_run) == ["old", "from one"], timeout=WAIT)
    other.workspace.keep_drawing(np.full((1, 28, 28), 2, np.uint8), "from the other")
    qtbot.waitUntil(lambda: names(kept_run) == ["old", "from one", "from the other"], timeout=WAIT)
    qtbot.waitUntil(lambda: shown(other) == names(kept_run), timeout=WAIT)
    assert "Another window" in other.state.message.text
    other.workspace.undo()
    assert shown(other) == ["old", "from one"], "Undo takes back one's own change only"
    qtbot.waitUntil(lambda: names(kept_run) == ["old", "from one"], timeout=WAIT)
    one.workspace.remove_drawing(0)
    qtbot.waitUntil(lambda: names(kept_run) == ["from one"], timeout=WAIT)


def test_a_run_trashed_elsewhere_is_not_created_again(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    session.runs.open("r")
    qtbot.waitUntil(lambda: session.state.training.run == "r", timeout=WAIT)
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    KeptRun.at(kept_run).move_to_trash()
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "a drawing")
    qtbot.waitUntil(lambda: "is gone" in session.state.message.text, timeout=WAIT)
    session.show_message("")
    session.explore.move_to(np.full(6, 0.5, np.float32))
    session.workspace.bookmark("a bookmark")
    qtbot.waitUntil(lambda: "is gone" in session.state.message.text, timeout=WAIT)
    assert not kept_run.exists()
    assert [mark.name for mark in session.state.workspace.bookmarks] == ["a bookmark"], "still in this window"


def test_many_changes_at_once_leave_the_newest(
    studio_session: Session, kept_run: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk: each writing takes longer than the one after it, and still none overtakes another."""
    delays = iter([0.2, 0.1, 0.0, 0.0, 0.0])

    def slow(path: Path, data: bytes) -> None:
        time.sleep(next(delays))
        replace_file(path, data)

    monkeypatch.setattr("aestudio.runs.drawings_file.replace_file", slow)
    studio_session.runs.open("r")
    qtbot.waitUntil(lambda: studio_session.state.training.run == "r", timeout=WAIT)
    for message in "abc":
        studio_session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), message)
    qtbot.waitUntil(lambda: not writing(studio_session) and bool(names(kept_run)), timeout=WAIT)
    assert names(kept_run) == ["a", "b", "c"]


def test_undoing_that_a_run_was_opened_removes_nothing_from_it(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    session = studio_session
    write_drawings(kept_run / FILE, [Drawing("seven", np.full((1, 28, 28), 7, np.uint8))])
    session.runs.open("r")
    qtbot.waitUntil(lambda: shown(session) == ["seven"], timeout=WAIT)
    session.workspace.undo()
    assert shown(session) == [], "as before"
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert names(kept_run) == ["seven"]
    session.workspace.redo()
    session.workspace.remove_drawing(0)
    qtbot.waitUntil(lambda: names(kept_run) == [], timeout=WAIT)


def test_both_lists_go_along_when_the_folder_of_a_training_moves(
    studio_session: Session, kept_run: Path, qtbot: QtBot
) -> None:
    from dataclasses import replace

    from aestudio.gui.state.reducers import with_training_events
    from aestudio.training.events import RunMoved, SnapshotTaken, Started

    session = studio_session
    session.runs.open("r")
    qtbot.waitUntil(lambda: session.state.training.run == "r" and not session.state.tasks, timeout=WAIT)
    started = Started("r", "cpu", 0, 10, 3, 1000, 640, 64)
    session.set_state(with_training_events(session.state, {0: [started]}))
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "a drawing")
    session.workspace.add_bookmark("a bookmark", np.zeros(6, np.float32), None)
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    rescued = kept_run.with_name("r (rescued)")
    KeptRun.at(kept_run).move_to_trash()
    rescued.mkdir()
    session.set_state(with_training_events(session.state, {0: [RunMoved(rescued)]}))
    assert session.state.snapshot is not None
    session.set_state(with_training_events(session.state, {0: [SnapshotTaken(session.state.snapshot)]}))
    assert session.state.snapshot.home == str(rescued)
    assert shown(session) == ["a drawing"]
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert names(rescued) == shown(session) == ["a drawing"]
    marks = session.state.workspace.bookmarks
    assert [mark.name for mark in read_bookmarks(rescued / BOOKMARKS)] == ["a bookmark"]
    assert [mark.name for mark in marks] == ["a bookmark"]
    assert not kept_run.exists()
    session.set_state(replace(session.state, training=replace(session.state.training, phase="ended")))


def test_what_is_added_while_lists_are_read_is_kept_if_another_run_opens_at_once(
    studio_session: Session, kept_run: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, other = studio_session, kept_run.with_name("other")
    shutil.copytree(kept_run, other)
    write_drawings(kept_run / FILE, [Drawing("seven", np.full((1, 28, 28), 7, np.uint8))])
    write_bookmarks(kept_run / BOOKMARKS, [Bookmark("old", np.zeros(6, np.float32))])
    gate, read = threading.Event(), SharedList.read_again

    def wait_and_read(shared: SharedList[Any]) -> tuple[Any, ...]:
        gate.wait(WAIT / 1000)
        return read(shared)

    monkeypatch.setattr(SharedList, "read_again", wait_and_read)
    session.runs.open("r")
    qtbot.waitUntil(lambda: session.state.training.run == "r", timeout=WAIT)
    session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), "new")
    session.workspace.add_bookmark("new", np.ones(6, np.float32), None)
    session.runs.open("other")
    gate.set()
    until = time.monotonic() + WAIT / 1000
    while session.tasks.alive() and time.monotonic() < until:
        pass  # without the event loop: all messages are taken together
    qtbot.waitUntil(lambda: session.state.training.run == "other", timeout=WAIT)
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert [mark.name for mark in read_bookmarks(kept_run / BOOKMARKS)] == ["old", "new"]
    assert names(kept_run) == ["seven", "new"]
    assert not (other / BOOKMARKS).exists()
    assert names(other) == []


def test_that_a_list_could_not_be_written_is_told_although_another_one_is_written_next(
    studio_session: Session, kept_run: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, other = studio_session, kept_run.with_name("other")
    shutil.copytree(kept_run, other)
    gate, told = threading.Event(), []
    session.changed.connect(lambda: told.append(session.state.message.text))

    def slow(path: Path, data: bytes) -> None:
        if path.parent == kept_run:
            gate.wait(WAIT / 1000)
            raise StudioError("The disk is full", where=str(path))
        replace_file(path, data)

    monkeypatch.setattr("aestudio.runs.drawings_file.replace_file", slow)
    for run, name in (("r", "first"), ("other", "second")):
        session.runs.open(run)
        qtbot.waitUntil(lambda r=run: session.state.training.run == r, timeout=WAIT)
        qtbot.waitUntil(lambda: not any("read" in task for task in session.state.tasks), timeout=WAIT)
        session.workspace.keep_drawing(np.ones((1, 28, 28), np.uint8), name)
    gate.set()
    qtbot.waitUntil(lambda: not session.state.tasks, timeout=WAIT)
    assert names(other) == ["first", "second"]
    assert any("The disk is full" in text for text in told)
