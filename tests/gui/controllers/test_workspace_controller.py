"""Intents about the workspace: sliders, bookmarks, selection, and Undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.workspace import Direction, Example
from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot


@pytest.fixture
def reach_image(qtbot: QtBot, studio_session: Session) -> None:
    """Wait until the first image is shown and the results of the selected digit are ready."""
    session = studio_session
    session.changed.emit()
    qtbot.waitUntil(lambda: session.state.exploration.image is not None and not session.state.pending)


def test_muting_changes_the_image_and_undo_brings_it_back(studio_session: Session, reach_image: None) -> None:
    session = studio_session
    session.explore.move_to(np.full(6, 3, np.float32))
    loud = session.state.exploration
    session.workspace.mute(0, True)
    muted = session.state.exploration
    assert muted.decoded_code is not None
    np.testing.assert_array_equal(muted.decoded_code, [0, 3, 3, 3, 3, 3])
    np.testing.assert_array_equal(muted.code, loud.code)  # type: ignore[arg-type] # the slider stays
    assert not np.array_equal(muted.image, loud.image)  # type: ignore[arg-type]
    session.workspace.undo()
    assert session.state.workspace.sliders.muted == frozenset()
    np.testing.assert_array_equal(session.state.exploration.image, loud.image)  # type: ignore[arg-type]
    session.workspace.redo()
    np.testing.assert_array_equal(session.state.exploration.image, muted.image)  # type: ignore[arg-type]


def test_a_drag_is_taken_back_as_a_whole(studio_session: Session, reach_image: None) -> None:
    session = studio_session
    before = session.state.exploration.code
    steps = len(session.state.undo.past)
    for value in np.linspace(0, 2, 20):
        session.explore.move_slider(1, value)
    assert len(session.state.undo.past) == steps + 1
    session.workspace.undo()
    np.testing.assert_array_equal(session.state.exploration.code, before)  # type: ignore[arg-type]
    assert session.state.message.text


def test_a_locked_slider_is_moved_by_undo_only(studio_session: Session, reach_image: None) -> None:
    session = studio_session
    session.explore.move_to(np.arange(6, dtype=np.float32))
    session.workspace.lock(2, True)
    session.explore.move_to(np.full(6, 9, np.float32))
    session.explore.move_slider(2, -4.0)
    np.testing.assert_array_equal(session.state.exploration.code, [9, 9, 2, 9, 9, 9])  # type: ignore[arg-type]
    session.explore.reset()
    assert session.state.exploration.code is not None
    assert session.state.exploration.code[2] == 2


def test_bookmarks_keep_the_decoded_code(studio_session: Session, reach_image: None) -> None:
    session = studio_session
    session.explore.move_to(np.ones(6, np.float32))
    up = Direction("up", np.array([0, 0, 1, 0, 0, 0], np.float32), np.zeros(6, np.float32))
    session.workspace.add_direction(up)
    session.workspace.set_amount(0, 2.0)
    session.workspace.bookmark("here")
    (mark,) = session.state.workspace.bookmarks
    np.testing.assert_array_equal(mark.code, [1, 1, 3, 1, 1, 1])
    session.workspace.rename_bookmark(0, "  there ")
    assert session.state.workspace.bookmarks[0].name == "there"
    session.workspace.remove_bookmark(0)
    session.workspace.undo()
    assert session.state.workspace.bookmarks[0].name == "there"


def test_dragging_over_the_map_keeps_what_a_direction_adds(
    studio_session: Session, reach_image: None
) -> None:
    session = studio_session
    session.explore.move_to(np.zeros(6, np.float32))
    session.workspace.add_direction(Direction("up", np.ones(6, np.float32), np.zeros(6, np.float32), 1.0))
    session.explore.move_decoded_code_to(np.full(6, 5, np.float32))
    np.testing.assert_allclose(session.state.exploration.decoded_code, 5)  # type: ignore[arg-type]
    np.testing.assert_allclose(session.state.exploration.code, 4)  # type: ignore[arg-type]


def test_selecting_the_same_images_again_is_no_change(studio_session: Session) -> None:
    session = studio_session
    session.workspace.select(np.array([3, 4]))
    steps = len(session.state.undo.past)
    session.workspace.select(np.array([3, 4]))
    assert len(session.state.undo.past) == steps
    session.workspace.select(np.array([], np.int64))
    assert session.state.workspace.selection is None
    session.workspace.undo()
    np.testing.assert_array_equal(session.state.workspace.selection, [3, 4])  # type: ignore[arg-type]


def test_undo_brings_the_image_back_that_was_pointed_at(
    studio_session: Session, reach_image: None, qtbot: QtBot
) -> None:
    session = studio_session
    before = session.state.exploration.code
    session.explore.select(5)
    qtbot.waitUntil(lambda: not session.state.pending)
    after = session.state.exploration.code
    session.workspace.undo()
    qtbot.waitUntil(lambda: not session.state.pending)
    assert session.state.selected == 0
    np.testing.assert_array_equal(session.state.exploration.code, before)  # type: ignore[arg-type]
    session.workspace.redo()
    qtbot.waitUntil(lambda: not session.state.pending)
    assert session.state.selected == 5
    np.testing.assert_array_equal(session.state.exploration.code, after)  # type: ignore[arg-type]


def test_undo_does_not_restore_a_followed_image(
    studio_session: Session, reach_image: None, make_snapshot: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    session = studio_session
    session.workspace.select(np.array([3, 4]))
    before = session.state.exploration.code
    assert session.state.model is not None
    session.update(model=replace(session.state.model, snapshot=make_snapshot(seed=1, step=9)))
    qtbot.waitUntil(lambda: not session.state.pending)
    after = session.state.exploration.code
    assert not np.array_equal(before, after)  # type: ignore[arg-type]
    session.workspace.undo()
    assert session.state.workspace.selection is None
    np.testing.assert_array_equal(session.state.exploration.code, after)  # type: ignore[arg-type]


def test_undo_restores_no_sliders_of_another_model(studio_session: Session, reach_image: None) -> None:
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    session = studio_session
    six = Direction("A to B", np.ones(6, np.float32), np.zeros(6, np.float32))
    session.workspace.add_direction(six)
    session.workspace.mute(5, True)
    session.workspace.mute(4, True)
    assert session.state.model is not None
    old = session.state.model.snapshot
    recipe = old.recipe.with_settings({"latent_size": 3})
    other = Snapshot(
        "another", recipe, 0, 0.0, weights_of(build_model(Architecture(recipe, MNIST), 0)), data=MNIST
    )
    session.update(model=replace(session.state.model, snapshot=other, ranges=None))
    assert session.state.workspace.directions == ()
    session.workspace.undo()
    assert session.state.workspace.directions == ()
    assert session.state.workspace.sliders.muted == frozenset()


def test_other_images_leave_images_instead_of_numbers(studio_session: Session, few_digits: Dataset) -> None:
    session = studio_session
    image = few_digits.train.images[3]
    trained = Example("Train 3", number=len(few_digits.test) + 3)
    session.workspace.set_keyframes((trained, Example("Class 1", label=1)))
    session.workspace.set_groups((trained,), (Example("2 digits", numbers=np.array([1, 2])),))
    session.workspace.set_term(1, trained)
    session.workspace.select(np.array([3, 4]))
    session.workspace.set_keyframes(())
    steps = len(session.state.undo.past)
    other = Dataset("other", "Other", few_digits.test, few_digits.train)
    session.update(data=replace(session.state.data, dataset=other))
    workspace = session.state.workspace
    assert workspace.selection is None
    assert len(workspace.groups[0]) == 1
    assert workspace.groups[1] == ()
    assert workspace.terms[1] is not None
    np.testing.assert_array_equal(workspace.terms[1].image, image)  # type: ignore[arg-type]
    assert len(session.state.undo.past) == steps
    session.workspace.undo()
    first, second = session.state.workspace.keyframes
    assert (first.number, first.name) == (None, "Train 3")
    np.testing.assert_array_equal(first.image, image)  # type: ignore[arg-type]
    assert second.label == 1
    assert session.state.workspace.selection is None


def test_undo_has_a_limit(studio_session: Session) -> None:
    while studio_session.state.undo.past:
        studio_session.workspace.undo()
    workspace = studio_session.state.workspace
    studio_session.workspace.undo()
    studio_session.workspace.redo()
    assert studio_session.state.workspace is workspace
