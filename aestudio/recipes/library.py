"""All recipes: shipped with the program, and in the user's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import user_recipes_folder
from aestudio.recipes.recipe import Recipe, read_recipe
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from pathlib import Path


def shipped_recipes() -> tuple[Recipe, ...]:
    """Recipes in `resources/recipes/`, in the gallery's order."""
    return _read_all(resources_folder() / "recipes")


def user_recipes() -> tuple[tuple[Recipe, ...], tuple[StudioError, ...]]:
    """The recipes in the user's folder, and the errors of the files that cannot be read."""
    recipes: list[Recipe] = []
    problems: list[StudioError] = []
    for path in sorted(user_recipes_folder().glob("*.json")):
        try:
            recipes.append(read_recipe(path))
        except StudioError as problem:
            problems.append(problem)
    return _in_order(recipes), tuple(problems)


def all_recipes() -> tuple[Recipe, ...]:
    """Shipped recipes, then the user's readable ones; a user's recipe does not hide a shipped one."""
    shipped = shipped_recipes()
    names = {recipe.name for recipe in shipped}
    return (*shipped, *(recipe for recipe in user_recipes()[0] if recipe.name not in names))


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises BadChoice with the known names, StudioError if the user's file of that name is damaged.
    """
    recipes = {recipe.name: recipe for recipe in all_recipes()}
    if name in recipes:
        return recipes[name]
    for problem in user_recipes()[1]:
        if problem.where.endswith(f"{name}.json"):
            raise problem
    raise BadChoice("recipe", name, recipes)


def _read_all(folder: Path) -> tuple[Recipe, ...]:
    return _in_order([read_recipe(path) for path in folder.glob("*.json")])


def _in_order(recipes: list[Recipe]) -> tuple[Recipe, ...]:
    return tuple(sorted(recipes, key=lambda recipe: (recipe.order, recipe.name)))
