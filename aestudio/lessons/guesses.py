"""What a lesson asks before it measures: five kinds of guesses, and what each is compared with."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from aestudio.lessons.actions import Declared, RunName

FEWEST_OPTIONS, MOST_OPTIONS = 2, 4


class MeasureOf(Declared):
    """A measured number.

    measure:     a name of `aestudio evaluate`, "training.TERM", "validation.TERM", or one of `measures.OWN`
    run:         of the lesson; None for the one that is shown
    step:        at which it is measured; None for the one that the run has reached there
    relative_to: another run of the lesson: the number is then how many times as large it is here as there
    relative_step: at which the other run is measured, or, without `relative_to`, this run once more
    """

    measure: str
    run: RunName | None = None
    step: int | None = Field(None, ge=0)
    relative_to: RunName | None = None
    relative_step: int | None = Field(None, ge=0)

    @property
    def relative(self) -> bool:
        """Whether it is a ratio of two numbers."""
        return self.relative_to is not None or self.relative_step is not None


class _Revealed(Declared):
    """reveal: the id of the step that shows what was measured; None for the next one that explains"""

    reveal: str | None = None


class ChoiceGuess(_Revealed, MeasureOf):
    """One of two to four answers, chosen by the keys 1 to 4; which is right is measured.

    bounds: between the answers, rising: the first is right below the first bound, the last from the last on
    """

    kind: Literal["choice"]
    bounds: tuple[float, ...] = Field(min_length=FEWEST_OPTIONS - 1, max_length=MOST_OPTIONS - 1)

    @model_validator(mode="after")
    def _bounds_rise(self) -> ChoiceGuess:
        _require_rising("bounds", self.bounds)
        return self

    @property
    def options(self) -> int:
        """How many answers there are."""
        return len(self.bounds) + 1


class _OnLine(Declared):
    """low, high: the ends of the line on which is guessed; scale: how its numbers are spread"""

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _is_line(self) -> _OnLine:
        _require_rising("high", (self.low, self.high))
        if self.scale == "log" and self.low <= 0:
            raise PydanticCustomError("low", "low must be above 0 on a logarithmic line")
        return self


class NumberGuess(_Revealed, _OnLine, MeasureOf):
    """A number on a line. digits: behind its point"""

    kind: Literal["number"]
    digits: int = Field(2, ge=0, le=6)


class CurveGuess(_Revealed, _OnLine):
    """A curve, drawn ahead: the values of a loss term at the ends of the next epochs.

    measure: "validation.TERM" or "training.TERM"; run: as in `MeasureOf`
    """

    kind: Literal["curve"]
    measure: str
    run: RunName | None = None
    epochs: int = Field(5, ge=2, le=50)


class PointGuess(_Revealed):
    """Where on the map a test image lands: its code in the first two numbers.

    digit: the number of the test image, from 0 on; run: as in `MeasureOf`
    """

    kind: Literal["point"]
    digit: int = Field(ge=0)
    run: RunName | None = None


class OrderGuess(_Revealed):
    """An order of classes, the smallest value first.

    measure: one of `measures.BY_CLASS`; items: names of classes; run: as in `MeasureOf`
    """

    kind: Literal["order"]
    measure: str
    items: tuple[str, ...] = Field(min_length=2, max_length=10)
    run: RunName | None = None

    @model_validator(mode="after")
    def _once_each(self) -> OrderGuess:
        if len(set(self.items)) < len(self.items):
            raise PydanticCustomError("items", "items must be different classes")
        return self


Guess = Annotated[
    ChoiceGuess | NumberGuess | CurveGuess | PointGuess | OrderGuess, Field(discriminator="kind")
]


class Expectation(MeasureOf):
    """What must be so for the lesson to be true; `aestudio lesson check` tests it.

    least, most: the measured number is from `least` to `most`; one of them is enough
    """

    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Expectation:
        if self.least is None and self.most is None:
            raise PydanticCustomError("expect", "an expectation needs least, most, or both")
        if self.least is not None and self.most is not None:
            _require_rising("most", (self.least, self.most))
        return self


def _require_rising(name: str, values: tuple[float, ...]) -> None:
    if any(after <= before for before, after in pairwise(values)):
        raise PydanticCustomError(
            "order", "{name} must rise: each larger than the one before", {"name": name}
        )
