"""Why Start is disabled is one line that is never cut."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.run_state import RunState
from aestudio.gui.window.sidebars.start_reason import StartReason, start_texts
from aestudio.gui.window.sidebars.training_box import TrainingBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


def with_invalid(state: StudioState, *fields: str) -> StudioState:
    return replace(state, invalid=MappingProxyType(dict.fromkeys(fields, "It cannot be so.")))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ((), None),
        (("recipe.learning_rate",), "Learning rate: not a valid value"),
        (("objective weights.learning_rate", "recipe.learning_rate"), "Learning rate: not a valid value"),
        (("recipe.learning_rate", "recipe.epochs"), "Not valid: Learning rate, Epochs"),
        (("compare.1",), None),  # concerns the comparison only
        (("recipe.of another objective",), "of another objective: not a valid value"),
    ],
)
def test_the_settings_are_named(studio_session: Session, fields: tuple[str, ...], text: str | None) -> None:
    state = with_invalid(studio_session.state, *fields)
    assert next(iter(start_texts(state)), None) == text


def test_torch_that_is_missing_is_named(studio_session: Session) -> None:
    [text] = start_texts(replace(studio_session.state, torch_phase="failed"))
    assert "torch" in text


def test_a_running_training_can_be_paused_whatever_is_typed(studio_session: Session) -> None:
    state = with_invalid(studio_session.state, "recipe.learning_rate")
    assert start_texts(replace(state, training=RunState("running"))) == ()
    assert start_texts(replace(state, training=RunState("paused")))


def test_the_first_text_that_fits_is_shown_whole(qtbot: QtBot) -> None:
    line = StartReason()
    qtbot.addWidget(line)
    texts = ("A long sentence about the learning rate", "Learning rate: not valid", "Not valid")
    line.show_texts(texts, "")
    shown = []
    for width in (600, 200, 80):
        line.resize(width, 20)
        shown.append(line.text())
        assert line.fontMetrics().horizontalAdvance(line.text()) <= width
    assert shown == list(texts)
    line.show_texts((), "")
    assert not line.isVisible()


def test_the_reason_takes_the_place_of_the_progress(qtbot: QtBot, studio_session: Session) -> None:
    box = TrainingBox(studio_session)
    qtbot.addWidget(box)
    box.resize(288, 120)
    box.show()
    state = studio_session.state
    box.show_state(state)
    height, bar = box.sizeHint().height(), box.run_bar.pos()
    assert not box.reason.isVisible()
    box.show_state(with_invalid(state, "recipe.learning_rate"))
    assert box.reason.isVisible()
    assert not box.progress.isVisible()
    assert not box.start.isEnabled()
    assert "It cannot be so." in box.reason.toolTip()
    assert "It cannot be so." in box.reason.accessibleDescription()
    assert (box.sizeHint().height(), box.run_bar.pos()) == (height, bar), "nothing moves"
    box.show_state(state)
    assert box.progress.isVisible()
    assert not box.reason.isVisible()
