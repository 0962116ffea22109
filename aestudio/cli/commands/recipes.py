"""`aestudio recipes`: the recipes, and the settings of one."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_result, table
from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.library import all_recipes, find_recipe
from aestudio.recipes.recipe import SECTIONS, Recipe


def command(
    recipe: Annotated[str | None, typer.Argument(help="Show this recipe's settings.")] = None,
    json: Json = False,
) -> None:
    """List the recipes, or the settings of one."""
    chosen = all_recipes() if recipe is None else (find_recipe(recipe),)
    if json:
        print_json([_as_json(one) for one in chosen])
    elif recipe is None:
        rows = [(one.name, f"{_parameters(one):,}", one.title, one.purpose) for one in chosen]
        print_result(table(rows, ("RECIPE", "PARAMETERS", "TITLE", "PURPOSE")))
    else:
        print_result(_settings(chosen[0]))


def _as_json(recipe: Recipe) -> dict[str, Any]:
    return recipe.model_dump(mode="json") | {
        "augmentation": recipe.augmentation.model_dump(mode="json"),
        "parameters": _parameters(recipe),
    }


def _parameters(recipe: Recipe) -> int:
    """Trainable numbers of the recipe's model for MNIST; other images take other numbers."""
    return recipe.architecture(MNIST).parameter_count


def _settings(recipe: Recipe) -> str:
    rows = [
        (info.name, _text(recipe.value(info.name)), info.allowed, info.help)
        for section in SECTIONS
        for info in recipe.settings()[section]
    ]
    return f"{recipe.title}: {recipe.purpose}\n" + table(
        rows, ("SETTING", "VALUE", "ALLOWED", "WHAT IT DOES")
    )


def _text(value: Any) -> str:
    return ",".join(map(str, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else str(value)
