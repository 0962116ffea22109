"""Which settings of a recipe may change in the middle of a training.

The weights must still fit, and each step must still take the same images: otherwise the two runs could not be
compared step by step. Which settings these are follows from their declarations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

# Steps are counted in batches of the images that are not held back.
COUNTING = (
    "batch_size",
    "validation_images",
    "classes_used",
    "class_draw",
    "imbalance",
    "first_images",
    "folds",
    "fold",
    "fold_draw",
)
# It has no effect any more once the weights are drawn.
AT_START = ("initial_weights",)


def branchable(recipe: Recipe, data: DataShape) -> tuple[SettingInfo, ...]:
    """The settings that a branch may change: the essential ones first, then in the recipe's order."""
    rows = [info for section in recipe.settings().values() for info in section if recipe.has_effect(info)]
    possible = [
        info
        for info in rows
        if info.name not in (*COUNTING, *AT_START) and not _changes_weights(recipe, info, data)
    ]
    position = {name: index for index, name in enumerate(recipe.essential)}
    return tuple(sorted(possible, key=lambda info: position.get(info.name, len(position))))


def branched(recipe: Recipe, changes: Mapping[str, Any], data: DataShape) -> Recipe:
    """The recipe with these settings changed, for a model of this shape.

    Raises BadChoice for a bad value, or a setting that may not change.
    """
    changed = recipe.with_settings(dict(changes))
    for name in changes:
        if name in COUNTING:
            raise BadChoice(
                "setting of a branch", name, "settings that leave the images of each step as they are"
            )
        if name in AT_START:
            raise BadChoice("setting of a branch", name, "settings that have an effect after the start")
    if _weights(changed, data) != _weights(recipe, data):
        fits = ", ".join(info.name for info in branchable(recipe, data))
        raise BadChoice("setting of a branch", next(iter(changes)), fits)
    return changed


def _changes_weights(recipe: Recipe, info: SettingInfo, data: DataShape) -> bool:
    """Whether another value of the setting changes which weights the model has."""
    for value in _others(info, recipe.value(info.name)):
        try:
            changed = recipe.with_settings({info.name: value})
        except StudioError:
            continue
        if _weights(changed, data) != _weights(recipe, data):
            return True
    return False


def _weights(recipe: Recipe, data: DataShape) -> object:
    """What decides which weights the model has: None for a network that does not fit the images."""
    try:
        return Architecture(recipe, data).weights
    except StudioError:
        return None


def _others(info: SettingInfo, value: Any) -> list[Any]:
    """Some other values of a setting, not all of them allowed."""
    if info.kind == "choice":
        return [choice for choice in info.choices if choice != value]
    if info.kind == "switch":
        return [not value]
    if info.kind == "sizes":
        return [(*value, 8), (8,), tuple(size + 1 for size in value)]
    if info.kind in ("integer", "number"):
        if info.kind == "integer":
            return [value + 1, value - 1]
        # Half of the largest too: a dropout of 0 has no layer, so that another changes the weights' names.
        return [value + 1, value - 1, value / 2, (info.maximum or 2.0) / 2]
    return []
