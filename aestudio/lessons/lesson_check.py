"""Runs a lesson headless from its first step to its last, and tests all that it expects."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.lessons.number_text import number_text
from aestudio.lessons.scores import middle_answer

if TYPE_CHECKING:
    from aestudio.lessons.guesses import Expectation
    from aestudio.lessons.prepared import Prepared

OPENING_SECONDS = 1.0
"""A prepared step opens in less."""


@dataclass(frozen=True)
class CheckedStep:
    """A step that was run.

    training: seconds that its runs trained; opening: seconds to open it, prepared
    over_budget: whether it trained longer than the lesson gives a step, so that the prepared run is shown
    failures: expectations that do not hold, a sentence each
    """

    id: str
    phase: str
    training: float
    opening: float
    over_budget: bool
    failures: tuple[str, ...]
    expected: int


def check_prepared(prepared: Prepared) -> tuple[CheckedStep, ...]:
    """Every step, opened in order, its texts filled, its guess answered; raises StudioError.

    Whether the expectations hold is in the result.
    """
    return tuple(_checked(prepared, index) for index in range(len(prepared.file.lesson.steps)))


def _checked(prepared: Prepared, index: int) -> CheckedStep:
    step = prepared.file.lesson.steps[index]
    began = time.monotonic()
    for point in prepared.state(index).points.values():
        prepared.snapshot(point)
    prepared.numbers(index)
    if step.guess is not None:
        prepared.outcome(index, middle_answer(step.guess))
    opening = time.monotonic() - began
    training = prepared.seconds(index)
    failures = tuple(filter(None, (_failure(prepared, index, expected) for expected in step.expect)))
    over = training > prepared.file.lesson.budget
    return CheckedStep(step.id, step.phase, training, opening, over, failures, len(step.expect))


def _failure(prepared: Prepared, index: int, expected: Expectation) -> str:
    """What does not hold, or ""."""
    value = prepared.number(expected, index)
    low = expected.least is not None and value < expected.least
    high = expected.most is not None and value > expected.most
    if not low and not high:
        return ""
    run = expected.run or prepared.state(index).shown
    other = [
        expected.relative_to or run,
        *([] if expected.relative_step is None else [f"step {expected.relative_step}"]),
    ]
    beside = f" relative to {' at '.join(other)}" if expected.relative else ""
    bound = f"at least {expected.least:g}" if low else f"at most {expected.most:g}"
    return f"{expected.measure} of {run}{beside} is {number_text(value)}, expected {bound}"
