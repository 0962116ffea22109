"""Recipes of two phases, of the examples in tests/data: an autoencoder, and a probe every few steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.recipes.library import find_recipe
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.available import find_part
from tests.recipes.own_parts.conftest import allow, put

if TYPE_CHECKING:
    from aestudio.recipes.part import PartClass
    from aestudio.recipes.recipe import Recipe


EXAMPLES = Path(__file__).parent / "data" / "phased"


def two_phases(**settings: Any) -> Recipe:
    """The recipe with these settings; puts the objective into the user's folder."""
    recipe = find_recipe("deep-ae").combined(objective=_own("objectives", "probed", Objective)())
    small = {"epochs": 2, "batch_size": 32, "hidden": (24,), "latent_size": 3}
    return recipe.with_settings(small | settings)


def normalised_two_phases(**settings: Any) -> Recipe:
    """With everything that a step has to keep: batch normalisation, dropout, moving averages, two optimisers.

    The autoencoder's loss depends on the probe, which it does not change. 9 steps an epoch on 270 digits.
    """
    network = _own("networks", "normalised", Network)(latent_size=3)
    recipe = find_recipe("deep-ae").combined(
        network=network, objective=_own("objectives", "probed", Objective)()
    )
    kept = {"probe_every": 3, "probe_sgd": True, "pleasing": 0.1, "averaged": True}
    return recipe.with_settings({"epochs": 2, "batch_size": 32} | kept | settings)


def _own(group: str, name: str, base: type[PartClass]) -> type[PartClass]:
    """The example's part, which is put into the user's folder if it is not there."""
    from aestudio.paths import user_parts_folder

    if not (user_parts_folder(group) / name).exists():
        put(group, name, examples=EXAMPLES)
        allow(group, name)
    declared = find_part(group, name, base)
    assert declared is not None
    return declared
