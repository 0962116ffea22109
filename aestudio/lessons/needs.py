"""What has to be trained and measured for a lesson. Pure functions of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.lessons.guesses import CurveGuess, MeasureOf, OrderGuess, PointGuess
from aestudio.lessons.trainings import TrainingPoint, measured_points, needed_trainings, states_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.lessons.declared_lesson import Lesson
    from aestudio.lessons.trainings import StepState, Training


@dataclass(frozen=True)
class Needs:
    """trainings: with the steps to keep; measures, digits: by point, names of numbers and test images"""

    states: tuple[StepState, ...]
    trainings: dict[Training, tuple[int, ...]]
    measures: dict[TrainingPoint, frozenset[str]]
    digits: dict[TrainingPoint, frozenset[int]]


def needs_of(lesson: Lesson) -> Needs:
    """All that the steps of a lesson show, ask and expect; raises UnclearState as `states_of`."""
    states = states_of(lesson)
    measures: dict[TrainingPoint, frozenset[str]] = {}
    digits: dict[TrainingPoint, frozenset[int]] = {}
    for point, name in _measured(lesson, states):
        measures[point] = measures.get(point, frozenset()) | {name}
    for index, step in enumerate(lesson.steps):
        reveal = lesson.reveal_of(index)
        if isinstance(step.guess, PointGuess) and reveal is not None:
            point = states[reveal].points[step.guess.run or states[reveal].shown]
            digits[point] = digits.get(point, frozenset()) | {step.guess.digit}
    points = [point for state in states for point in state.points.values()]
    trainings = needed_trainings([*points, *measures, *digits])
    return Needs(states, trainings, measures, digits)


def _measured(lesson: Lesson, states: tuple[StepState, ...]) -> Iterator[tuple[TrainingPoint, str]]:
    for index, step in enumerate(lesson.steps):
        for measured in (*step.values.values(), *step.expect):
            yield from _points_of(measured, states[index])
        reveal = lesson.reveal_of(index)
        if step.guess is None or reveal is None:
            continue
        if isinstance(step.guess, MeasureOf):
            yield from _points_of(step.guess, states[reveal])
        elif isinstance(step.guess, OrderGuess | CurveGuess):
            yield states[reveal].points[step.guess.run or states[reveal].shown], step.guess.measure


def _points_of(measured: MeasureOf, state: StepState) -> Iterator[tuple[TrainingPoint, str]]:
    for point in measured_points(state, measured):
        yield point, measured.measure
