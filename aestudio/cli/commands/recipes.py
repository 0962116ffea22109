"""`aestudio recipes`: the recipes, and the settings of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import print_json, print_result, print_warning, table
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes, user_recipes
from aestudio.recipes.recipe import SECTIONS, Recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.phase import Phase


def command(
    recipe: Annotated[str | None, typer.Argument(help="Show this recipe's settings.")] = None,
    json: Json = False,
) -> None:
    """List the recipes, or the settings of one."""
    if recipe is not None:
        chosen = find_recipe(recipe)
        if json:
            print_json([_as_json(chosen)])
        else:
            print_result(_settings(chosen))
        return
    own, problems = user_recipes()
    everything = (*shipped_recipes(), *own)
    if json:
        print_json([_as_json(one) for one in everything])
    else:
        print_result(_list(everything, own))
    for problem in problems:
        print_warning(problem)


def _list(recipes: tuple[Recipe, ...], own: tuple[Recipe, ...]) -> str:
    rows = [
        (one.name, _count(_parameters(one)), one.title + (" (yours)" if one in own else ""), one.purpose)
        for one in recipes
    ]
    return table(rows, ("RECIPE", "PARAMETERS (MNIST)", "TITLE", "PURPOSE"))


def _as_json(recipe: Recipe) -> dict[str, Any]:
    return recipe.model_dump(mode="json") | {
        "images": recipe.images.model_dump(mode="json"),
        "augmentation": recipe.augmentation.model_dump(mode="json"),
        "parameters": _parameters(recipe),
    }


def _parameters(recipe: Recipe) -> int | None:
    """Trainable numbers of the recipe's model for MNIST; None if it is made for other images only."""
    try:
        return Architecture(recipe, MNIST).parameter_count
    except StudioError:
        return None


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _settings(recipe: Recipe) -> str:
    rows = [
        (info.name, _text(recipe.value(info.name)), info.allowed, info.help)
        for section in SECTIONS
        for info in recipe.settings()[section]
    ]
    phases = _phases(recipe.objective.phases())
    return f"{recipe.title}: {recipe.purpose}\n{phases}" + table(
        rows, ("SETTING", "VALUE", "ALLOWED", "WHAT IT DOES")
    )


def _phases(phases: Sequence[Phase]) -> str:
    """A line on the phases of a step, "" for a single one."""
    if len(phases) == 1:
        return ""
    return f"Phases: {', '.join(map(_phase, phases))}\n"


def _phase(phase: Phase) -> str:
    rate = "" if phase.learning_rate == 1.0 else f"{phase.learning_rate:g} x the learning rate, "
    often = "every step" if phase.every == 1 else f"every {phase.every:,} steps"
    begins = f", after {phase.begins:g} epochs" if phase.begins else ""
    return f"{phase.title} ({rate}{often}{begins})"


def _text(value: Any) -> str:
    return ",".join(map(str, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else str(value)
