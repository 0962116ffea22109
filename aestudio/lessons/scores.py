"""How near a guess was to what was measured: one number from 0 to 1. Pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.lessons.guesses import ChoiceGuess, CurveGuess, NumberGuess, OrderGuess, PointGuess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.lessons.guesses import Guess

Answer = int | float | tuple[float, ...] | tuple[str, ...]
"""A choice (from 0 on), a number, the values of a curve, the place of a point, or classes in order."""
FAR = 0.5
"""Of the line: a number this far away scores 0."""
SPREADS = 2.0
"""A point this many times the spread of all codes away scores 0."""


@dataclass(frozen=True)
class Outcome:
    """A guess beside what was measured.

    measured: in the form of an answer; of a choice, the number that decides; right: the answer that was right
    score:    from 0 to 1
    """

    measured: Any
    right: Answer
    score: float


def checked_answer(guess: Guess, answer: Any) -> Answer:
    """The answer as the guess takes it; raises BadChoice."""
    match guess:
        case ChoiceGuess():
            if not isinstance(answer, int) or isinstance(answer, bool) or not 0 <= answer < guess.options:
                raise BadChoice("choice", answer, f"0 to {guess.options - 1}")
            return answer
        case NumberGuess():
            return _number(answer)
        case CurveGuess():
            return _numbers(answer, guess.epochs)
        case PointGuess():
            return _numbers(answer, 2)
        case OrderGuess():
            order = tuple(str(item) for item in answer)
            if sorted(order) != sorted(guess.items):
                raise BadChoice("order", ", ".join(order), f"each of {', '.join(guess.items)} once")
            return order


def outcome(guess: Guess, answer: Any, measured: Any, spread: float = 1.0) -> Outcome:
    """What an answer is worth.

    measured: the number of a choice or a number; the values of a curve; the place of a point; for an order,
              the value of each class by its name
    spread:   of all codes on the map, for a point
    Raises BadChoice for an answer of another kind.
    """
    taken = checked_answer(guess, answer)
    match guess:
        case ChoiceGuess():
            right = sum(measured >= bound for bound in guess.bounds)
            return Outcome(measured, right, float(taken == right))
        case NumberGuess():
            return Outcome(measured, measured, _near(taken, measured, guess))
        case CurveGuess():
            assert isinstance(taken, tuple)
            each = [_near(one, other, guess) for one, other in zip(taken, measured, strict=True)]
            return Outcome(tuple(measured), tuple(measured), sum(each) / len(each))
        case PointGuess():
            assert isinstance(taken, tuple)
            away = math.dist([float(one) for one in taken], measured)
            return Outcome(
                tuple(measured), tuple(measured), max(0.0, 1 - away / (SPREADS * max(spread, 1e-12)))
            )
        case OrderGuess():
            right_order = tuple(sorted(guess.items, key=lambda item: measured[item]))
            pairs = list(combinations(right_order, 2))
            places = {item: place for place, item in enumerate(taken)} if isinstance(taken, tuple) else {}
            kept = sum(places[one] < places[other] for one, other in pairs)
            return Outcome(dict(measured), right_order, kept / len(pairs))


def _near(guessed: Any, measured: float, line: NumberGuess | CurveGuess) -> float:
    """1 for the measured number, falling along the line to 0 half of its length away."""
    low, high = _on_scale(line.low, line), _on_scale(line.high, line)
    away = abs(_on_scale(float(guessed), line) - _on_scale(measured, line)) / (high - low)
    return max(0.0, 1 - away / FAR)


def _on_scale(value: float, line: NumberGuess | CurveGuess) -> float:
    return math.log(max(value, line.low / 1e6)) if line.scale == "log" else value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadChoice("guess", value, "a number")
    return float(value)


def _numbers(values: Sequence[Any], count: int) -> tuple[float, ...]:
    if len(values) != count:
        raise BadChoice("guess", list(values), f"{count} numbers")
    return tuple(_number(value) for value in values)


def middle_answer(guess: Guess) -> Answer:
    """An answer that says nothing: for checks, and where a guess begins in the window."""
    match guess:
        case ChoiceGuess():
            return 0
        case NumberGuess():
            return _middle(guess)
        case CurveGuess():
            return (_middle(guess),) * guess.epochs
        case PointGuess():
            return (0.0, 0.0)
        case OrderGuess():
            return guess.items


def _middle(line: NumberGuess | CurveGuess) -> float:
    if line.scale == "log":
        return math.sqrt(line.low * line.high)
    return (line.low + line.high) / 2
