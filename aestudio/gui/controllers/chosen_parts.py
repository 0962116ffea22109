"""A network or objective as it is when somebody chooses it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from aestudio.errors import BadChoice
from aestudio.recipes.part import Part, building
from aestudio.recipes.setting import change

if TYPE_CHECKING:
    from aestudio.recipes.network import Network
    from aestudio.recipes.recipe import Recipe

MadePart = TypeVar("MadePart", bound=Part)


def made(declared: type[MadePart]) -> MadePart:
    """A part with its default settings; raises StudioError if it is a user's own and fails."""
    with building(declared):
        return declared()


def with_network(recipe: Recipe, declared: type[Network]) -> Recipe:
    """The recipe with this network, which keeps the latent size if it allows it.

    Raises StudioError if the parts do not fit, or the network is a user's own and fails.
    """
    network = made(declared)
    with building(declared), suppress(BadChoice):
        network = change(network, {"latent_size": recipe.network.latent_size})
    return recipe.combined(network=network)
