"""The groups in which the gallery shows recipes. A recipe's group follows from its parts. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.tied_dense import TiedDense
from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName
    from aestudio.recipes.recipe import Recipe

_LINEAR = (Dense, TiedDense, Flatten, Reshape)


@dataclass(frozen=True)
class RecipeGroup:
    """A group: its name in declarations, its title, and one sentence about what its recipes share."""

    name: GroupName
    title: str
    summary: str


GROUPS: tuple[RecipeGroup, ...] = (
    RecipeGroup("linear", "Linear", "Code and reconstruction are matrix products."),
    RecipeGroup("point", "Point codes", "The code is a point, learned by reconstructing."),
    RecipeGroup(
        "robust",
        "Sparse and robust",
        "Few units are active, or the image is found again from a damaged one.",
    ),
    RecipeGroup("variational", "Variational", "Codes follow a prior, from which new ones are drawn."),
    RecipeGroup("discrete", "Discrete", "The code is made of entries or categories."),
    RecipeGroup("hierarchical", "Hierarchical", "The code has several levels, from coarse to fine."),
    RecipeGroup(
        "adversarial", "Adversarial", "A critic tells real from made; what it judges learns to deceive it."
    ),
    RecipeGroup("supervised", "Supervised", "Labels take part in the training."),
)


def group_of(recipe: Recipe) -> GroupName:
    """The group of a recipe: that of its objective, or "linear" if it only multiplies by matrices."""
    group = recipe.objective.group
    return "linear" if group == "point" and _is_linear(recipe) else group


def _is_linear(recipe: Recipe) -> bool:
    """Whether code and reconstruction of MNIST are linear in the image, biases apart."""
    written = recipe.objective.model_dump()
    if any(written.get(name) != "linear" for name in ("code_activation", "output")):
        return False
    try:
        placed = Architecture(recipe, MNIST).placed
    except StudioError:
        return False
    return all(isinstance(one.layer, _LINEAR) for one in placed)
