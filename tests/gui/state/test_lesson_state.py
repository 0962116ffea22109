"""The lesson that is given: nothing is reached before a guess, and what is committed stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from aestudio.gui.state.effects.lesson_giving import keep_lesson_record
from aestudio.gui.state.effects.reactions import WriteLessonRecord
from aestudio.gui.state.lesson_state import (
    LessonState,
    reachable,
    with_answer,
    with_commitment,
    with_lesson,
    with_list,
    with_step,
)
from aestudio.gui.state.studio_state import StudioState
from aestudio.lessons.lesson_library import find_lesson
from aestudio.lessons.lesson_record import LessonRecord
from aestudio.lessons.scores import Outcome
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from aestudio.lessons.prepared import Prepared

NOW = "2026-11-29T20:00:00+00:00"
READY = cast("Prepared", object())


@pytest.fixture(scope="module")
def begun() -> LessonState:
    """The first shipped lesson, at its first step; its guesses are in steps 1, 4, 7 and 10."""
    file = find_lesson("what-an-autoencoder-is")
    state = with_lesson(LessonState(), file, READY, LessonRecord(file.name, NOW), Path("record.json"))
    return with_step(state, 0, {"error": "0.1"}, {}, {})


def at(state: LessonState, index: int, **outcomes: Any) -> LessonState:
    return with_step(state, index, {}, outcomes.get("outcomes", {}), {})


def test_a_lesson_waits_to_be_prepared(begun: LessonState) -> None:
    assert begun.file is not None
    waiting = with_lesson(LessonState(), begun.file, None, LessonRecord("a", NOW), Path("a.json"))
    assert (waiting.page, waiting.step) == ("preparing", None)
    assert with_list(begun, (begun.file,), ()).page == "list"


def test_nothing_behind_an_open_guess_is_reached(begun: LessonState) -> None:
    assert reachable(begun, 1) == 1
    assert reachable(begun, 2) == 1
    assert reachable(begun, 12) == 1
    assert reachable(begun, -5) == 0
    committed = with_commitment(with_answer(at(begun, 1), 0.4), NOW)
    assert reachable(committed, 12) == 4
    assert reachable(committed, 99) == 4
    assert reachable(committed, 0) == 0


def test_a_committed_guess_does_not_change(begun: LessonState) -> None:
    asked = at(begun, 1)
    assert asked.must_guess
    assert with_commitment(asked, NOW) is asked  # nothing was answered
    committed = with_commitment(with_answer(with_answer(asked, 0.2), 0.4), NOW)
    assert not committed.must_guess
    assert committed.committed[1] == 0.4
    assert with_answer(committed, 0.9) is committed
    assert at(at(committed, 0), 1).answer == 0.4
    assert committed.record is not None
    (kept,) = committed.record.guesses
    assert (kept.step, kept.kind, kept.guess, kept.measured) == ("what-is-left", "number", 0.4, None)


def test_what_was_measured_is_shown_where_it_is_revealed(begun: LessonState) -> None:
    committed = with_commitment(with_answer(at(begun, 1), 0.4), NOW)
    revealed = at(committed, 3, outcomes={1: Outcome(0.5, 0.5, 0.8)})
    assert revealed.revealed == (1,)
    assert at(revealed, 2).revealed == ()
    assert revealed.record is not None
    assert (revealed.record.guesses[0].measured, revealed.record.guesses[0].score) == (0.5, 0.8)
    assert revealed.openings == committed.openings + 1


def test_a_record_is_written_when_it_changes(begun: LessonState) -> None:
    before, asked = StudioState(find_recipe("vae")), at(begun, 1)
    one = replace(before, lesson=asked)
    assert keep_lesson_record(before, one) == ()  # nothing was guessed yet
    two = replace(before, lesson=with_commitment(with_answer(asked, 0.4), NOW))
    (reaction,) = keep_lesson_record(one, two)
    assert isinstance(reaction, WriteLessonRecord)
    assert reaction.path == Path("record.json")
    assert len(reaction.record.guesses) == 1
    assert keep_lesson_record(two, two) == ()
