"""What a conditional model is told of images: their classes, or their factors of variation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.recipes.architecture import Architecture
    from aestudio.types import Condition, Labels


def condition_of_set(architecture: Architecture, image_set: ImageSet) -> Condition | None:
    """The condition of each image of a set, float32 (N, K); None for a model without conditions.

    Raises StudioError if the model needs labels or factors and the set has none.
    """
    match architecture.recipe.objective.condition:
        case "none":
            return None
        case "labels":
            if image_set.labels is None:
                raise StudioError(
                    "This model is told the class of each image, and these images have no labels",
                    where=architecture.recipe.title,
                    advice="Choose a data set with labels, or another model.",
                )
            return condition_of_labels(architecture, image_set.labels)
        case "factors":
            if image_set.factors is None:
                raise StudioError(
                    "This model is told the factors of each image, and these images have none",
                    where=architecture.recipe.title,
                    advice="Choose a data set with factors of variation, or another model.",
                )
            return image_set.factors


def condition_of_labels(architecture: Architecture, labels: Labels) -> Condition:
    """One number for each class, 1 for that of the label: labels (N,) -> float32 (N, classes).

    Raises BadChoice for a class that the model does not know.
    """
    classes = architecture.data.classes
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise BadChoice("class", int(labels.max()), f"whole number from 0 up to {classes - 1}")
    return np.eye(classes, dtype=np.float32)[labels]


def condition_of_class(architecture: Architecture, label: int, count: int = 1) -> Condition | None:
    """The same class for `count` codes, float32 (N, K); None for a model that is told no class."""
    if architecture.recipe.objective.condition != "labels":
        return None
    return condition_of_labels(architecture, np.full(count, label, np.int64))
