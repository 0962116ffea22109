"""Guesses are scored from 0 to 1 against what was measured."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import TypeAdapter

from aestudio.errors import BadChoice
from aestudio.lessons.guesses import Guess
from aestudio.lessons.scores import checked_answer, middle_answer, outcome


def guess(**fields: Any) -> Any:
    return TypeAdapter(Guess).validate_python(fields)


CHOICE = guess(kind="choice", measure="ssim", bounds=(0.5, 2.0))
NUMBER = guess(kind="number", measure="ssim", low=0.0, high=2.0)
LOG = guess(kind="number", measure="ssim", low=0.1, high=1000.0, scale="log")
CURVE = guess(kind="curve", measure="validation.loss", low=0.0, high=10.0, epochs=3)
POINT = guess(kind="point", digit=3)
ORDER = guess(kind="order", measure="class_mse_per_pixel", items=("1", "0", "8"))


@pytest.mark.parametrize(("measured", "right"), [(0.1, 0), (0.5, 1), (1.99, 1), (2.0, 2), (9.0, 2)])
def test_the_right_choice_is_measured(measured: float, right: int) -> None:
    for answer in range(3):
        found = outcome(CHOICE, answer, measured)
        assert found.right == right
        assert found.score == float(answer == right)


def test_a_number_scores_by_its_distance_on_the_line() -> None:
    assert outcome(NUMBER, 1.0, 1.0).score == 1
    assert outcome(NUMBER, 0.75, 1.0).score == pytest.approx(0.75)
    assert outcome(NUMBER, 0.0, 2.0).score == 0
    assert outcome(LOG, 1.0, 10.0).score == pytest.approx(0.5)  # a quarter of the four decades
    assert outcome(LOG, 100.0, 10.0).score == pytest.approx(outcome(LOG, 1.0, 10.0).score)


def test_a_curve_scores_by_the_mean_of_its_points() -> None:
    assert outcome(CURVE, (3, 2, 1), (3, 2, 1)).score == 1
    assert outcome(CURVE, (3, 2, 6), (3, 2, 1)).score == pytest.approx(2 / 3)


def test_a_point_scores_by_the_spread_of_the_codes() -> None:
    assert outcome(POINT, (1, 1), (1, 1), 2.0).score == 1
    assert outcome(POINT, (1, 1), (1, 3), 2.0).score == pytest.approx(0.5)
    assert outcome(POINT, (0, 0), (30, 40), 2.0).score == 0


def test_an_order_scores_by_its_pairs() -> None:
    measured = {"0": 0.2, "1": 0.1, "8": 0.3, "7": 9.0}
    assert outcome(ORDER, ("1", "0", "8"), measured).right == ("1", "0", "8")
    assert outcome(ORDER, ("1", "0", "8"), measured).score == 1
    assert outcome(ORDER, ("1", "8", "0"), measured).score == pytest.approx(2 / 3)
    assert outcome(ORDER, ("8", "0", "1"), measured).score == 0


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (CHOICE, 3),
        (CHOICE, True),
        (NUMBER, "1"),
        (NUMBER, math.nan),
        (CURVE, (1, 2)),
        (POINT, (1,)),
        (ORDER, ("1", "0")),
        (ORDER, ("1", "1", "0")),
    ],
)
def test_other_answers_are_refused(asked: Any, answer: Any) -> None:
    with pytest.raises(BadChoice):
        checked_answer(asked, answer)


@pytest.mark.parametrize("asked", [CHOICE, NUMBER, LOG, CURVE, POINT, ORDER])
def test_every_guess_has_an_answer_that_says_nothing(asked: Any) -> None:
    assert checked_answer(asked, middle_answer(asked)) == middle_answer(asked)
