"""What is to be trained: everything the trainer needs to know, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe


@dataclass(frozen=True)
class RunSpec:
    """One training.

    run: the run's name; dataset: its name; device: "auto" or a device's word
    spare_cores: cores of the CPU that must stay free for others (a window needs one)
    title: what people call a new run, its name where it is ""
    """

    run: str
    recipe: Recipe
    dataset: str
    device: str = "auto"
    spare_cores: int = 0
    title: str = ""


def live_values(recipe: Recipe) -> dict[str, float]:
    """The settings that may be moved while training, with their values in the recipe."""
    return {
        info.name: float(recipe.value(info.name))
        for rows in recipe.settings().values()
        for info in rows
        if info.live
    }
