"""The recipes at hand: those that ship with the program and those in the user's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import BadChoice
from aestudio.folders import user_recipes_folder
from aestudio.recipes.recipe import Recipe, read_recipe
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from pathlib import Path


def shipped_recipes() -> tuple[Recipe, ...]:
    """Recipes in `resources/recipes/`, in the gallery's order."""
    return _read_all(resources_folder() / "recipes")


def all_recipes() -> tuple[Recipe, ...]:
    """Shipped recipes, then the user's own; a user's recipe of a shipped name does not hide it."""
    shipped = shipped_recipes()
    names = {recipe.name for recipe in shipped}
    return (*shipped, *(recipe for recipe in _read_all(user_recipes_folder()) if recipe.name not in names))


def find_recipe(name: str) -> Recipe:
    """The recipe of that name; raises BadChoice listing the names there are."""
    recipes = {recipe.name: recipe for recipe in all_recipes()}
    if name not in recipes:
        raise BadChoice("recipe", name, recipes)
    return recipes[name]


def _read_all(folder: Path) -> tuple[Recipe, ...]:
    recipes = (read_recipe(path) for path in sorted(folder.glob("*.json")))
    return tuple(sorted(recipes, key=lambda recipe: (recipe.order, recipe.name)))
