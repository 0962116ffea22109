"""Intents about the lab: strips, bookmarks, selection, and taking them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.session.lab import Direction

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.session.session import Session


@pytest.fixture
def reach_picture(qtbot: QtBot, studio_session: Session) -> None:
    """The first picture is there, and what follows the selected digit has come to rest."""
    session = studio_session
    session.changed.emit()
    qtbot.waitUntil(lambda: session.state.exploration.picture is not None and not session.state.asked)


def test_muting_changes_the_picture_and_undo_brings_it_back(
    studio_session: Session, reach_picture: None
) -> None:
    session = studio_session
    session.explore.move_to(np.full(6, 3, np.float32))
    loud = session.state.exploration
    session.lab.mute(0, True)
    muted = session.state.exploration
    assert muted.heard is not None
    np.testing.assert_array_equal(muted.heard, [0, 3, 3, 3, 3, 3])
    np.testing.assert_array_equal(muted.code, loud.code)  # type: ignore[arg-type] # the slider stays
    assert not np.array_equal(muted.picture, loud.picture)  # type: ignore[arg-type]
    session.lab.undo()
    assert session.state.lab.desk.muted == frozenset()
    np.testing.assert_array_equal(session.state.exploration.picture, loud.picture)  # type: ignore[arg-type]
    session.lab.redo()
    np.testing.assert_array_equal(session.state.exploration.picture, muted.picture)  # type: ignore[arg-type]


def test_a_drag_is_taken_back_as_a_whole(studio_session: Session, reach_picture: None) -> None:
    session = studio_session
    before = session.state.exploration.code
    steps = len(session.state.undo.past)
    for value in np.linspace(0, 2, 20):
        session.explore.move_strip(1, value)
    assert len(session.state.undo.past) == steps + 1
    session.lab.undo()
    np.testing.assert_array_equal(session.state.exploration.code, before)  # type: ignore[arg-type]
    assert session.state.message.text


def test_a_locked_strip_moves_for_nobody_but_undo(studio_session: Session, reach_picture: None) -> None:
    session = studio_session
    session.explore.move_to(np.arange(6, dtype=np.float32))
    session.lab.lock(2, True)
    session.explore.move_to(np.full(6, 9, np.float32))
    session.explore.move_strip(2, -4.0)
    np.testing.assert_array_equal(session.state.exploration.code, [9, 9, 2, 9, 9, 9])  # type: ignore[arg-type]
    session.explore.reset()
    assert session.state.exploration.code is not None
    assert session.state.exploration.code[2] == 2


def test_bookmarks_keep_what_is_heard(studio_session: Session, reach_picture: None) -> None:
    session = studio_session
    session.explore.move_to(np.ones(6, np.float32))
    up = Direction("up", np.array([0, 0, 1, 0, 0, 0], np.float32), np.zeros(6, np.float32))
    session.lab.add_direction(up)
    session.lab.set_amount(0, 2.0)
    session.lab.bookmark("here")
    (mark,) = session.state.lab.bookmarks
    np.testing.assert_array_equal(mark.code, [1, 1, 3, 1, 1, 1])
    session.lab.rename_bookmark(0, "  there ")
    assert session.state.lab.bookmarks[0].name == "there"
    session.lab.remove_bookmark(0)
    session.lab.undo()
    assert session.state.lab.bookmarks[0].name == "there"


def test_dragging_over_the_map_keeps_what_a_direction_adds(
    studio_session: Session, reach_picture: None
) -> None:
    session = studio_session
    session.explore.move_to(np.zeros(6, np.float32))
    session.lab.add_direction(Direction("up", np.ones(6, np.float32), np.zeros(6, np.float32), 1.0))
    session.explore.move_heard_to(np.full(6, 5, np.float32))
    np.testing.assert_allclose(session.state.exploration.heard, 5)  # type: ignore[arg-type]
    np.testing.assert_allclose(session.state.exploration.code, 4)  # type: ignore[arg-type]


def test_selecting_the_same_digits_again_is_no_change(studio_session: Session) -> None:
    session = studio_session
    session.lab.select(np.array([3, 4]))
    steps = len(session.state.undo.past)
    session.lab.select(np.array([3, 4]))
    assert len(session.state.undo.past) == steps
    session.lab.select(np.array([], np.int64))
    assert session.state.lab.selection is None
    session.lab.undo()
    np.testing.assert_array_equal(session.state.lab.selection, [3, 4])  # type: ignore[arg-type]


def test_there_is_an_end_to_undoing(studio_session: Session) -> None:
    while studio_session.state.undo.past:
        studio_session.lab.undo()
    lab = studio_session.state.lab
    studio_session.lab.undo()
    studio_session.lab.redo()
    assert studio_session.state.lab is lab
