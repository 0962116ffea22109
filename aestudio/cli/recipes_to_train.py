"""The recipes that `aestudio train` is told, each with its settings: `vae:beta=4 deep-ae --epochs 5`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aestudio.cli.output import BadUsage
from aestudio.errors import BadChoice
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.recipe import Recipe

_OWN_SETTING = re.compile(r":\s*(?=[A-Za-z_]\w*\s*=)")
"""What separates a recipe from its own settings, and these from each other; their values may have commas."""


def recipes_to_train(words: Sequence[str], common: list[str]) -> list[Recipe]:
    """The recipes of the command, changed.

    words:  names of recipes, each with settings of its own behind it: NAME:name=value:name=value
    common: settings of all of them, name=value; those of a recipe's own go first

    Raises BadChoice for a recipe, setting or value that there is not, and BadUsage for a common setting that
    only some of the recipes have.
    """
    split = [_OWN_SETTING.split(word) for word in words]
    found = [(find_recipe(name.strip()), own) for name, *own in split]
    for flag in common:
        _check_all_have(flag.partition("=")[0].strip(), [recipe for recipe, _ in found])
    return [recipe.with_flags([*common, *own]) for recipe, own in found]


def _check_all_have(name: str, recipes: list[Recipe]) -> None:
    having = [recipe for recipe in recipes if _has(recipe, name)]
    lacking = [recipe.name for recipe in recipes if recipe not in having]
    if having and lacking:
        example = " ".join(f"{recipe.name}:{name}=..." for recipe in having)
        raise BadUsage(
            f"{', '.join(lacking)} cannot take the setting '{name}', which is given to all",
            advice=f"Give it to those that have it: {example}.",
        )


def _has(recipe: Recipe, name: str) -> bool:
    try:
        recipe.info(name)
    except BadChoice:
        return False
    return True
