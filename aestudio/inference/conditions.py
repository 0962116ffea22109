"""What a conditional model is told of images and codes: their classes, or their factors of variation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.recipes.architecture import Architecture
    from aestudio.types import Condition, Labels

ConditionRow = tuple[float, ...]
"""K numbers: what a model is told of one image or code, as a value that can be compared and kept."""


def condition_of_set(architecture: Architecture, image_set: ImageSet) -> Condition | None:
    """The condition of each image of a set, float32 (N, K); None for a model without conditions.

    Raises StudioError if the model needs labels or factors and the set has none, or others.
    """
    match architecture.recipe.objective.condition:
        case "none":
            return None
        case "labels":
            return _of_labelled(architecture, image_set.labels)
        case "factors":
            return _of_factors(architecture, image_set.factors)


def condition_of_image(architecture: Architecture, image_set: ImageSet, index: int) -> ConditionRow | None:
    """What the model is told of one image of a set. Raises as `condition_of_set` does."""
    if not architecture.condition_size:
        return None
    return as_row(condition_of_set(architecture, part_of(image_set, slice(index, index + 1))))


def condition_of_labels(architecture: Architecture, labels: Labels) -> Condition:
    """One number for each class, 1 for that of the label: labels (N,) -> float32 (N, classes).

    Raises BadChoice for a class that the model does not know.
    """
    classes = architecture.data.classes
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise BadChoice("class", int(wrong), f"whole number from 0 up to {classes - 1}")
    return np.eye(classes, dtype=np.float32)[labels]


def require_known_classes(architecture: Architecture, labels: Labels) -> None:
    """Raises StudioError for labels (N,) of classes that the model does not know."""
    classes = architecture.data.classes
    if len(labels) and int(labels.max()) >= classes:
        raise StudioError(
            f"The model knows {classes} classes, and these images have {int(labels.max()) + 1}",
            where=architecture.recipe.title,
            advice="Choose the data set that it was trained on, or another model.",
        )


def row_of_class(architecture: Architecture, label: int) -> ConditionRow | None:
    """What a model is told of this class; None for a model that is told no class.

    Raises BadChoice for a class that the model does not know.
    """
    if architecture.recipe.objective.condition != "labels":
        return None
    return as_row(condition_of_labels(architecture, np.array([label])))


def any_condition(architecture: Architecture) -> ConditionRow | None:
    """What a model is told if nothing is known or chosen: the first class, or factors of 0."""
    match architecture.recipe.objective.condition:
        case "none":
            return None
        case "labels":
            return row_of_class(architecture, 0)
        case "factors":
            return (0.0,) * architecture.condition_size


def as_row(condition: Condition | None) -> ConditionRow | None:
    """The first row of a condition float32 (N, K) as a value; None for None."""
    return None if condition is None else tuple(condition[0].tolist())


def repeated(row: ConditionRow | None, count: int) -> Condition | None:
    """The same for `count` images or codes: float32 (count, K); None for None."""
    return None if row is None else np.tile(np.asarray(row, np.float32), (count, 1))


def stacked(rows: list[ConditionRow | None]) -> Condition | None:
    """One row for each image or code: float32 (N, K); None for a model without conditions."""
    known = [row for row in rows if row is not None]
    return np.asarray(known, np.float32) if known else None


def some_of(condition: Condition | None, part: slice | NDArray[np.integer]) -> Condition | None:
    """Rows of a condition, float32 (n, K); None for None."""
    return None if condition is None else condition[part]


def fits(architecture: Architecture, row: ConditionRow | None) -> bool:
    """Whether the model can be told this: K finite numbers, for classes a 1 among zeros; None for nothing."""
    if row is None or len(row) != architecture.condition_size:
        return row is None and not architecture.condition_size
    one_class = sorted(row) == [0.0] * (len(row) - 1) + [1.0]
    return bool(np.isfinite(row).all()) and (
        one_class or architecture.recipe.objective.condition == "factors"
    )


def class_of(row: ConditionRow) -> int:
    """The class that a row of `condition_of_labels` stands for."""
    return int(np.argmax(row))


def _of_labelled(architecture: Architecture, labels: Labels | None) -> Condition:
    if labels is None:
        raise StudioError(
            "This model is told the class of each image, and these images have no labels",
            where=architecture.recipe.title,
            advice="Choose a data set with labels, or another model.",
        )
    require_known_classes(architecture, labels)
    return condition_of_labels(architecture, labels)


def _of_factors(architecture: Architecture, factors: NDArray[np.float32] | None) -> Condition:
    if factors is None:
        raise StudioError(
            "This model is told the factors of each image, and these images have none",
            where=architecture.recipe.title,
            advice="Choose a data set with factors of variation, or another model.",
        )
    if factors.shape[1] != architecture.data.factors:
        raise StudioError(
            f"The model knows {architecture.data.factors} factors, and these images have {factors.shape[1]}",
            where=architecture.recipe.title,
            advice="Choose the data set that it was trained on, or another model.",
        )
    return np.asarray(factors, np.float32)
