"""A recipe with another objective: which ones are possible, and which settings they take over. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import building, discover
from aestudio.recipes.setting import change, describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.recipe import Recipe

# The same likelihood, as named by the variational and by the other objectives.
_DISTANCES = {"bernoulli": "cross_entropy", "gaussian": "squared_error"}


@dataclass(frozen=True)
class ComparisonContext:
    """What decides, besides the recipe, which objectives it can be compared with.

    data:       what the models are built for
    objectives: the user's own, as they are loaded, by kind
    """

    data: DataShape = MNIST
    objectives: Mapping[str, type[Objective]] = field(default_factory=lambda: MappingProxyType({}))


DEFAULT_CONTEXT = ComparisonContext()
"""MNIST, and nothing of the user's own except what the recipe has."""


def possible_objectives(recipe: Recipe, context: ComparisonContext = DEFAULT_CONTEXT) -> tuple[str, ...]:
    """The kinds of objectives that the recipe can have, its own first.

    Those that refuse the network, or give no model of such images, are left out. Those that only need
    labels or factors which the data lack are the last ones: they stay, so that it can be said what they need.
    """
    own = recipe.objective.kind()
    usable, lacking = [own], list[str]()
    for kind, declared in _objectives(recipe, context.objectives).items():
        # Recipes are frozen, so they have a hash, which the type checker cannot see.
        answer = "" if kind == own else _suitability(cast("Any", recipe), declared, context.data)
        if answer == "usable":
            usable.append(kind)
        elif answer == "lacking":
            lacking.append(kind)
    return (*usable, *lacking) if len(usable) > 1 else (own,)


def with_objective(
    recipe: Recipe, kind: str, own: Mapping[str, type[Objective]] = DEFAULT_CONTEXT.objectives
) -> Recipe:
    """The recipe with another objective, which takes over all settings that both have; raises BadChoice.

    own: the user's own objectives, by kind
    Objectives name the likelihood differently: Bernoulli is cross-entropy, Gaussian is squared error.
    """
    kinds = _objectives(recipe, own)
    if kind not in kinds:
        raise BadChoice("objective", kind, kinds)
    return recipe if kind == recipe.objective.kind() else _combined(recipe, kinds[kind])


def _objectives(recipe: Recipe, own: Mapping[str, type[Objective]]) -> dict[str, type[Objective]]:
    """Every objective by kind, the recipe's first, as this recipe was made with it."""
    used = {recipe.objective.kind(): type(recipe.objective)}
    return {**used, **discover(objectives.PACKAGE, Objective), **own, **used}


@lru_cache(512)
def _suitability(
    recipe: Recipe, declared: type[Objective], data: DataShape
) -> Literal["usable", "lacking", ""]:
    """Whether another objective can be trained on such data, or could be if they had labels or factors."""
    try:
        combined = _combined(recipe, declared)
        with building(declared):
            if combined.objective.lacking(data):
                return "lacking"
        Architecture(combined, data)
    except StudioError:
        return ""
    return "usable"


def _combined(recipe: Recipe, declared: type[Objective]) -> Recipe:
    with building(declared):
        changed = declared()
    names = {info.name for info in describe(declared)}
    for name, value in _common_settings(recipe.objective.model_dump()).items():
        if name in names:
            try:
                with building(declared):
                    changed = change(changed, {name: value})
            except BadChoice:
                continue  # the new objective does not allow this value: its default stays
    return recipe.combined(objective=changed)


def _common_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of an objective, the likelihood under both of its names."""
    names = {value: name for name, value in _DISTANCES.items()}
    renamed = dict(settings)
    # A user's own objective may have other values.
    if settings.get("likelihood") in _DISTANCES:
        renamed["distance"] = _DISTANCES[settings["likelihood"]]
    elif settings.get("distance") in names:
        renamed["likelihood"] = names[settings["distance"]]
    return renamed
