"""The class or the factors that a command is given for images from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.runs.condition_checks import given_condition

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture
    from aestudio.types import Condition


def condition_for(
    architecture: Architecture, count: int, label: str | None, factors: str | None
) -> Condition | None:
    """The same for `count` images, float32 (count, K); None for a model that is told nothing.

    Raises StudioError if the model needs an option that was not given, BadChoice for an impossible value.
    """
    kind = architecture.recipe.objective.condition
    for option, value, needed in (("--class", label, "labels"), ("--factors", factors, "factors")):
        if value is not None and kind != needed:
            raise StudioError(
                f"This model is not told what {option} gives",
                where=architecture.recipe.title,
                advice=f"Leave {option} out.",
            )
    return given_condition(
        architecture,
        count,
        None if label is None else _class(label, architecture.data.classes),
        None if factors is None else _numbers(factors),
        labels_advice="Add --class with its number.",
        factors_advice="Add --factors with a number for each.",
    )


def _class(text: str, classes: int) -> int:
    if text.isdecimal() and int(text) < classes:
        return int(text)
    raise BadChoice("--class", text, f"whole number from 0 up to {classes - 1}")


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise BadChoice("--factors", text, "numbers with commas between them") from None
