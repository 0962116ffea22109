"""The inputs of one training, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe


@dataclass(frozen=True)
class RunSpec:
    """One training.

    run: the run's name; dataset: its name; device: "auto" or a device's name
    spare_cores: CPU cores that stay free for others (a window needs one)
    title: the title of a new run; "" for its name
    compared: whether it is trained beside others that may differ from it in one setting only
    """

    run: str
    recipe: Recipe
    dataset: str
    device: str = "auto"
    spare_cores: int = 0
    title: str = ""
    compared: bool = False


def live_values(recipe: Recipe) -> dict[str, float]:
    """The settings that may change while training, with their values in the recipe."""
    return {
        info.name: float(recipe.value(info.name))
        for rows in recipe.settings().values()
        for info in rows
        if info.live
    }
