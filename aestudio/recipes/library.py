"""All recipes: shipped with the program, and in the user's folder."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.layers.layer import ShapeError
from aestudio.paths import user_recipes_folder
from aestudio.printable import printable
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.recipe import MOST_BYTES, Recipe, read_recipe, write_recipe
from aestudio.resources import resources_folder
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.os_errors import is_there
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from collections.abc import Collection

_NOT_IN_A_NAME = re.compile("[^a-z0-9]+")
_LONGEST_NAME = 60
_LONGEST_TITLE = 200


@cache
def shipped_recipes() -> tuple[Recipe, ...]:
    """Recipes in `resources/recipes/`, in the gallery's order.

    Read once a process: they never change, and the first window would read them four times.
    """
    return _read_all(resources_folder() / "recipes")


def user_recipes() -> tuple[tuple[Recipe, ...], tuple[StudioError, ...]]:
    """The recipes in the user's folder, and why files in it cannot be used.

    A name that a shipped recipe or an earlier file has is refused: a run names its recipe.
    """
    recipes: dict[str, Recipe] = {}
    problems: list[StudioError] = []
    shipped = {recipe.name for recipe in shipped_recipes()}
    for path in sorted(user_recipes_folder().glob("*.json")):
        try:
            recipe = _checked(read_recipe(path), path)
            if recipe.name in shipped or recipe.name in recipes:
                raise _taken(recipe.name, path, shipped)
            recipes[recipe.name] = recipe
        except StudioError as problem:
            problems.append(problem)
    return _in_order(list(recipes.values())), tuple(problems)


def all_recipes() -> tuple[Recipe, ...]:
    """Shipped recipes, then the user's readable ones."""
    return (*shipped_recipes(), *user_recipes()[0])


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises BadChoice with the known names, StudioError if the user's file of that name is damaged.
    """
    own, problems = user_recipes()
    recipes = {recipe.name: recipe for recipe in (*shipped_recipes(), *own)}
    if name in recipes:
        return recipes[name]
    for problem in problems:
        if name in _names_of(Path(problem.where)):
            raise problem
    unknown = BadChoice("recipe", name, recipes)
    if problems:
        unknown.advice += f" {len(problems)} of your files cannot be used: `aestudio recipes` says why."
    raise unknown


def original_of(recipe: Recipe) -> Recipe | None:
    """The recipe of this name as its file has it, without what was changed since; None if there is none.

    Usually one file is read: a new run asks for it on the thread that trains.
    """
    for folder in (resources_folder() / "recipes", user_recipes_folder()):
        with suppress(StudioError, ValueError):  # a name with a zero byte
            found = read_recipe(folder / f"{recipe.name}.json")
            if found.name == recipe.name:
                return found
    with suppress(StudioError):
        return find_recipe(recipe.name)  # in a file of another name
    return None


def save_recipe(recipe: Recipe, title: str) -> Recipe:
    """Write a copy of the recipe, with a title of its own, into the user's folder; returns the copy.

    Its name for commands is made of the title: "My recipe 2" becomes "my-recipe-2".
    Raises StudioError if there is a recipe or a file of this name, or if it cannot be written.
    """
    title = printable(" ".join(title.split()))
    name = _NOT_IN_A_NAME.sub("-", title.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    if not name:
        raise StudioError("A recipe needs a title with a letter or a digit", where=title)
    path = user_recipes_folder() / f"{name}.json"
    if is_there(path) or name in {known.name for known in all_recipes()}:
        raise StudioError("There is a recipe of this name", where=name, advice="Choose another title.")
    copy = recipe.model_copy(update={"name": name, "title": title[:_LONGEST_TITLE], "order": 100})
    write_recipe(copy, path)
    return copy


def _names_of(path: Path) -> tuple[object, ...]:
    """What the recipe in an unusable file may be called: like the file, and as the file says itself."""
    try:
        return path.stem, table_of(parse_json(read_file(path, MOST_BYTES))).get("name")
    except (OSError, ValueError, StudioError):
        return (path.stem,)


def _checked(recipe: Recipe, path: Path) -> Recipe:
    """The recipe; raises StudioError for no name or a too long one, or a faulty network or objective.

    It may be made for other images than MNIST's.
    """
    if not recipe.name.strip():
        raise StudioError("This recipe has no name", where=str(path), advice="Give it one.")
    longest = max(len(recipe.name), len(recipe.title))
    if longest > _LONGEST_TITLE:
        raise StudioError(
            f"This recipe's name or title has {longest:,} characters, more than {_LONGEST_TITLE}",
            where=str(path),
            advice="Choose a shorter one.",
        )
    # MNIST has no factors of variation: a model that is told some is tried with one.
    data = replace(MNIST, factors=1) if recipe.objective.condition == "factors" else MNIST
    try:
        Architecture(recipe, data)
    except StudioError as problem:
        if not isinstance(problem.__cause__, ShapeError):
            raise
    return recipe


def _taken(name: str, path: Path, shipped: Collection[str]) -> StudioError:
    other = "a shipped recipe" if name in shipped else "another of your recipes"
    return StudioError(
        f"The name {name} is that of {other}",
        where=str(path),
        advice='Change "name" in the file.',
    )


def _read_all(folder: Path) -> tuple[Recipe, ...]:
    return _in_order([read_recipe(path) for path in folder.glob("*.json")])


def _in_order(recipes: list[Recipe]) -> tuple[Recipe, ...]:
    return tuple(sorted(recipes, key=lambda recipe: (recipe.order, recipe.name)))
