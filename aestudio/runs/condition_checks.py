"""Checks what a person or a program gives a conditional run besides images and codes: labels or factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import BadChoice, StudioError
from aestudio.inference.conditions import condition_of_labels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aestudio.recipes.architecture import Architecture
    from aestudio.types import Condition


def given_condition(
    architecture: Architecture,
    count: int,
    labels: ArrayLike | None = None,
    factors: ArrayLike | None = None,
    *,
    labels_advice: str = "Pass `labels` with the class of each, or one class for all.",
    factors_advice: str = "Pass `factors` with the numbers of each, or one row for all.",
) -> Condition | None:
    """What the model is told of `count` images or codes, float32 (count, K); None for a model told nothing.

    labels: a class for each (count,), or one for all; factors: numbers for each (count, K), or (K,) for all
    labels_advice, factors_advice: how to give them where they are missing
    Raises StudioError if the model needs them and they are missing, or takes none and they are given;
    BadChoice for other shapes, and for classes that the model does not know.
    """
    kind = architecture.recipe.objective.condition
    needed = {"none": "", "labels": "labels", "factors": "factors"}[kind]
    for name, value in (("labels", labels), ("factors", factors)):
        if value is not None and name != needed:
            raise StudioError(
                f"This model is told no {name}",
                where=architecture.recipe.title,
                advice=f"Leave the {name} out.",
            )
    if kind == "labels":
        if labels is None:
            raise StudioError(
                "This model is told the class of each image or code, and none was given",
                where=architecture.recipe.title,
                advice=labels_advice,
            )
        return condition_of_labels(architecture, _classes(labels, count))
    if kind == "factors":
        if factors is None:
            raise StudioError(
                "This model is told the factors of each image or code, and none were given",
                where=architecture.recipe.title,
                advice=factors_advice,
            )
        return _factors(factors, count, architecture.condition_size)
    return None


def _classes(labels: ArrayLike, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    array = np.asarray(labels)
    if array.dtype.kind not in "iu":
        raise BadChoice("labels", str(array.dtype), "whole numbers")
    if array.shape not in ((), (count,)):
        raise BadChoice("shape of the labels", array.shape, f"({count},), or one whole number")
    return np.broadcast_to(array.astype(np.int64), (count,))


def _factors(factors: ArrayLike, count: int, size: int) -> Condition:
    try:
        array = np.asarray(factors, np.float32)
    except (TypeError, ValueError):
        raise BadChoice("factors", type(factors).__name__, "an array of numbers") from None
    if array.shape not in ((size,), (count, size)):
        raise BadChoice("shape of the factors", array.shape, f"({count}, {size}) or ({size},)")
    if not np.isfinite(array).all():
        raise BadChoice("factors", "numbers that are not finite (NaN or infinity)", "finite numbers")
    return np.ascontiguousarray(np.broadcast_to(array, (count, size)))
