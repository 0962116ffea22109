"""Small trainings for these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.recipes.library import find_recipe
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.commands import Commands
    from aestudio.training.events import Checkpoint, Event


def small_spec(name: str = "vae", **settings: Any) -> RunSpec:
    """A recipe of 9 steps an epoch on 270 training and 30 validation digits."""
    recipe = find_recipe(name)
    if recipe.network.kind() == "fully_connected":
        settings = {"hidden": (24,), "latent_size": 3} | settings
    recipe = recipe.with_settings({"epochs": 2, "batch_size": 32} | settings)
    return RunSpec("run", recipe, "builtin", "cpu")


def events_of(
    digits: Dataset,
    commands: Commands | None = None,
    checkpoint: Checkpoint | None = None,
    name: str = "vae",
    **settings: Any,
) -> Iterator[Event]:
    """A small training."""
    return train(small_spec(name, **settings), digits, commands, checkpoint)
