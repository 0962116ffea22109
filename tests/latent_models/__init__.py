"""Tiny models with each kind of latent, untrained: they encode and decode, and that is all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.recipe import Recipe
from aestudio.training.events import Snapshot

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.objective import Objective

DISCRETE = ("codebook", "categorical")
KINDS = ("gan", *DISCRETE, "levels")


def recipe_of(kind: str) -> Recipe:
    """The recipe with this kind of latent: "gan" (no encoder), "codebook", "categorical", "levels"."""
    return Recipe(
        name=f"tiny-{kind}",
        title=f"Tiny {kind}",
        purpose="For tests.",
        network=FullyConnected(latent_size=6, hidden=(16,)),
        objective=_objective(kind),
    )


def snapshot_of(kind: str, run: str = "", seed: int = 0, data: DataShape = MNIST) -> Snapshot:
    """Untrained weights, others for each seed. run: its name, the kind if none is given."""
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = recipe_of(kind)
    weights = weights_of(build_model(Architecture(recipe, data), seed))
    return Snapshot(run or kind, recipe, 0, 0.0, weights, data=data)


def _objective(kind: str) -> Objective:
    from tests.latent_models.categorical.config import CategoricalCodes
    from tests.latent_models.codebook.config import CodebookCodes
    from tests.latent_models.gan.config import Generator
    from tests.latent_models.levels.config import LevelCodes

    objectives = {
        "gan": Generator,
        "codebook": CodebookCodes,
        "categorical": CategoricalCodes,
        "levels": LevelCodes,
    }
    return objectives[kind]()
