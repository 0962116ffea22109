"""Another recipe, or the same one with another network or objective, shipped or the user's own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import ValidationError

from aestudio.errors import BadChoice
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import Part, building, discover, is_shipped
from aestudio.recipes.setting import change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe

    OwnParts = Mapping[str, Mapping[str, type[Part]]]

PartClass = TypeVar("PartClass", bound=Part)


def take_network(recipe: Recipe, kind: str, own: OwnParts) -> Recipe:
    """The recipe with this network, of the recipe's latent size if the network allows it.

    own: the user's own parts by package and kind
    Raises StudioError if the parts do not fit together, or if a part of the user's own fails.
    """
    declared = _parts(networks.PACKAGE, Network, own)[kind]
    network = _made(declared)
    with building(declared), suppress(BadChoice):  # its own default stays
        network = change(network, {"latent_size": recipe.network.latent_size})
    return recipe.combined(network=network)


def take_objective(recipe: Recipe, kind: str, own: OwnParts) -> Recipe:
    """The recipe with this objective and its default settings; raises as `take_network` does."""
    return recipe.combined(objective=_made(_parts(objectives.PACKAGE, Objective, own)[kind]))


def with_loaded_parts(recipe: Recipe, own: OwnParts) -> Recipe:
    """The recipe with its own parts as they are loaded now: their files may have changed since it was chosen.

    A part keeps its settings if the new files allow them. The same recipe if nothing has changed.
    Raises StudioError if the new files do not fit together, or fail.
    """
    network = _as_loaded(networks.PACKAGE, recipe.network, own)
    objective = _as_loaded(objectives.PACKAGE, recipe.objective, own)
    if network is recipe.network and objective is recipe.objective:
        return recipe
    return recipe.combined(network=network, objective=objective)


def with_loaded_recipe(state: StudioState) -> StudioState:
    """The state with the own parts of its recipe as they are loaded now; raises as the one above."""
    recipe = with_loaded_parts(state.recipe, state.own.parts)
    return state if recipe is state.recipe else with_recipe(state, recipe)


def with_recipe(state: StudioState, recipe: Recipe) -> StudioState:
    """The state with another recipe, which cannot resume from the old checkpoint; the old curves stay."""
    return replace(state, recipe=recipe, training=replace(state.training, checkpoint=None))


def _as_loaded(package: str, part: PartClass, own: OwnParts) -> PartClass:
    declared = None if is_shipped(type(part)) else own.get(package, {}).get(part.kind())
    if declared is None or declared is type(part):
        return part
    with building(declared):
        try:
            renewed = declared.model_validate(part.model_dump(mode="json"))
        except ValidationError:  # another setting, or other bounds
            renewed = declared()
    return cast("PartClass", renewed)


def _parts(package: str, base: type[PartClass], own: OwnParts) -> dict[str, Any]:
    """Classes of the shipped and own parts by kind."""
    return {**discover(package, base), **own.get(package, {})}


def _made(declared: type[PartClass]) -> PartClass:
    """A part with its default settings; raises StudioError if it is a user's own and fails."""
    with building(declared):
        return declared()
