"""Which settings of a recipe may change in the middle of a training.

The weights must still fit, and each step must still take the same images: otherwise the two runs could not be
compared step by step. Which settings these are follows from their declarations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

# Steps are counted in batches of the images that are not held back.
COUNTING = ("batch_size", "validation_images")


def branchable(recipe: Recipe) -> tuple[SettingInfo, ...]:
    """The settings that a branch may change: the essential ones first, then in the recipe's order."""
    rows = [info for section in recipe.settings().values() for info in section if _applies(recipe, info)]
    possible = [info for info in rows if info.name not in COUNTING and not _changes_layers(recipe, info)]
    position = {name: index for index, name in enumerate(recipe.essential)}
    return tuple(sorted(possible, key=lambda info: position.get(info.name, len(position))))


def branched(recipe: Recipe, changes: Mapping[str, Any]) -> Recipe:
    """The recipe with these settings changed; raises BadChoice for a bad value or one that may not change."""
    changed = recipe.with_settings(dict(changes))
    for name in changes:
        if name in COUNTING:
            raise BadChoice(
                "setting of a branch", name, "settings that leave the images of each step as they are"
            )
    if changed.layers() != recipe.layers():
        fits = ", ".join(info.name for info in branchable(recipe))
        raise BadChoice("setting of a branch", next(iter(changes)), fits)
    return changed


def _applies(recipe: Recipe, info: SettingInfo) -> bool:
    """Whether the setting has an effect with the current values of the others."""
    if info.name == "latent_size":
        return recipe.objective.code != "none"
    if info.applies_if is None:
        return True
    other, values = info.applies_if
    return str(recipe.value(other)) in values


def _changes_layers(recipe: Recipe, info: SettingInfo) -> bool:
    """Whether another value of the setting changes the layers."""
    for value in _others(info, recipe.value(info.name)):
        try:
            changed = recipe.with_settings({info.name: value})
        except BadChoice:
            continue
        if changed.layers() != recipe.layers():
            return True
    return False


def _others(info: SettingInfo, value: Any) -> list[Any]:
    """Some other values of a setting, not all of them allowed."""
    if info.kind == "choice":
        return [choice for choice in info.choices if choice != value]
    if info.kind == "switch":
        return [not value]
    if info.kind == "sizes":
        return [(*value, 8), (8,), tuple(size + 1 for size in value)]
    if info.kind in ("integer", "number"):
        return [value + 1, value - 1, value / 2] if info.kind == "number" else [value + 1, value - 1]
    return []
