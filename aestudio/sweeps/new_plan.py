"""A new sweep from what somebody chose: on the command line, in the dialog, from Python. No torch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.runs.index import valid_folder_name
from aestudio.storage.files import free_name
from aestudio.sweeps.plan import SweepPlan
from aestudio.sweeps.sweep_folder import sweeps_folder
from aestudio.sweeps.sweep_results import default_metric
from aestudio.sweeps.variation import combinations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.variation import Variation


def new_plan(
    recipe: Recipe,
    variations: Sequence[Variation],
    *,
    count: int | None = None,
    name: str | None = None,
    metric: str | None = None,
    **how: Any,
) -> SweepPlan:
    """A plan whose data set is not known yet: `SweepPlan.on` says it.

    count:  how many of the combinations are tried, drawn; None for all
    name:   None for one of recipe and time that no sweep has
    metric: None for the usual one of the recipe
    how:    folds, repeats and device of the plan

    Raises BadChoice, StudioError for what cannot be carried out.
    """
    return SweepPlan(
        name=_free_name(recipe) if name is None else valid_name(name),
        recipe=recipe,
        origin="auto",
        settings=combinations(variations, count, recipe.training.seed),
        metric=metric or default_metric(recipe),
        **how,
    )


def valid_name(name: str) -> str:
    """A name that every system allows for a folder; raises BadChoice."""
    if valid_folder_name(name) != name:
        raise BadChoice("--name", name, f"a name for a folder, such as {valid_folder_name(name)!r}")
    return name


def _free_name(recipe: Recipe) -> str:
    wanted = valid_folder_name(f"{recipe.name} sweep {datetime.now():%Y-%m-%d %H.%M}")
    return free_name(sweeps_folder(), wanted).name
