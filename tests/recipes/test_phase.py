"""Phases: when they are due, what they change, and which declarations are refused."""

from __future__ import annotations

from typing import ClassVar

import pytest

from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective, Term
from aestudio.recipes.part import discover
from aestudio.recipes.phase import SINGLE, Phase, check_phases
from tests.latent_models.levels.config import LevelCodes
from tests.phased_recipes import two_phases


def due_steps(phase: Phase, count: int) -> list[int]:
    return [step for step in range(count) if phase.due(step, 5)]


def test_when_a_phase_is_due() -> None:
    assert due_steps(Phase(every=3), 8) == [0, 3, 6]
    assert due_steps(SINGLE[0], 5) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("begins", "every", "steps"),
    [
        (1.0, 1, [5, 6, 7, 8, 9]),
        (1.5, 3, [9]),  # 7.5 steps: the next that is a multiple of 3
        (0.7, 1, [4, 5, 6, 7, 8, 9]),  # 3.5 steps
        (0.61, 1, [3, 4, 5, 6, 7, 8, 9]),
        (9.0, 1, []),
    ],
)
def test_a_phase_may_begin_later(begins: float, every: int, steps: list[int]) -> None:
    """Of ten steps, five an epoch."""
    assert due_steps(Phase(every=every, begins=begins), 10) == steps


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
    two_phases().objective.check_declaration()


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
    ([Phase("a", begins=1.0)], "the first phase, a, does not begin with the first step"),
    ([Phase("a"), Phase("b", loss="critic", begins=-1.0)], "the phase b begins after -1 epochs"),
    ([Phase("a"), Phase("b", loss="critic", begins=float("inf"))], "the phase b begins after inf epochs"),
]


@pytest.mark.parametrize(("phases", "words"), REFUSED)
def test_phases_that_cannot_be_told_apart_are_refused(phases: list[Phase], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_phases(phases, ["loss", "critic"])


class SharedTerm(LevelCodes):
    """Both phases declare a term of the same name."""

    title: ClassVar[str] = "Shared"
    of: ClassVar[str] = "critic"

    def phases(self) -> tuple[Phase, ...]:
        return (Phase("autoencoder"), Phase("critic", loss="critic_loss"))

    def terms(self) -> tuple[Term, ...]:
        losses = (Term("loss", "Loss", "x", "autoencoder"), Term("critic_loss", "Critic", "x", "critic"))
        return (*losses, Term("size", "Size", "x", "autoencoder"), Term("size", "Size", "x", self.of))


def test_phases_that_share_a_term_are_refused() -> None:
    """Its curve would be a mixture of both."""
    with pytest.raises(ValueError, match="the phases autoencoder and critic both have a term size"):
        SharedTerm().check_declaration()


def test_a_term_that_is_declared_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SharedTerm, "of", "autoencoder")
    with pytest.raises(ValueError, match="two terms have the name size"):
        SharedTerm().check_declaration()
