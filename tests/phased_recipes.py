"""A recipe of two phases, of the example in tests/data: an autoencoder, and a probe every few steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.recipes.library import find_recipe
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.available import find_part
from tests.recipes.own_parts.conftest import allow, put

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe


EXAMPLES = Path(__file__).parent / "data" / "phased"


def two_phases(**settings: Any) -> Recipe:
    """The recipe with these settings; puts the objective into the user's folder."""
    from aestudio.paths import user_parts_folder

    if not (user_parts_folder("objectives") / "probed").exists():
        put("objectives", "probed", examples=EXAMPLES)
        allow("objectives", "probed")
    declared = find_part("objectives", "probed", Objective)
    assert declared is not None
    recipe = find_recipe("deep-ae").combined(objective=declared())
    small = {"epochs": 2, "batch_size": 32, "hidden": (24,), "latent_size": 3}
    return recipe.with_settings(small | settings)
