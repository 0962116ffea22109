"""Phases: when they are due, what they change, and which declarations are refused."""

from __future__ import annotations

import pytest

from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import discover
from aestudio.recipes.phase import SINGLE, Phase, check_phases
from tests.two_phases.config import TwoPhases


def test_when_a_phase_is_due() -> None:
    assert [step for step in range(8) if Phase(every=3).due(step)] == [0, 3, 6]
    assert all(SINGLE[0].due(step) for step in range(5))


def test_which_parameters_a_phase_changes() -> None:
    phase = Phase(parameters=("encoder", "objective.critic"))
    names = ["encoder.0.weight", "encoder", "objective.critic.0.bias"]
    assert all(phase.changes(name) for name in names)
    assert not any(phase.changes(name) for name in ("encoder2.weight", "objective.critics.0", "decoder.0"))
    assert Phase().changes("anything")


@pytest.mark.parametrize("kind", discover(objectives.PACKAGE, Objective))
def test_shipped_objectives_are_declared_correctly(kind: str) -> None:
    discover(objectives.PACKAGE, Objective)[kind]().check_declaration()


def test_two_phases_that_differ_are_right() -> None:
    TwoPhases().check_declaration()


REFUSED: list[tuple[list[Phase], str]] = [
    ([], "at least one phase"),
    ([Phase("a"), Phase("b")], "two phases have the loss loss"),
    ([Phase("a"), Phase("a", loss="critic")], "two phases have the name a"),
    ([Phase("a", loss="energy")], "the phase a minimises energy, not one of loss, critic"),
    ([Phase("a", every=0)], "the phase a is executed every 0 steps"),
    ([Phase("a"), Phase("sum", loss="critic")], "cannot be called 'sum'"),
    ([Phase("a"), Phase("b/c", loss="critic")], "cannot be called 'b/c'"),
    ([Phase("")], "cannot be called ''"),
    ([Phase("a", loss="critic"), Phase("b")], "the first term is loss, not critic"),
    ([Phase("a", out_of_bounds=0.0)], "out of bounds from 0.0 on"),
]


@pytest.mark.parametrize(("phases", "words"), REFUSED)
def test_phases_that_cannot_be_told_apart_are_refused(phases: list[Phase], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_phases(phases, ["loss", "critic"])
