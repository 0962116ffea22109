"""Whose names and units the curves of the training have. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe


def recipe_of_curves(state: StudioState) -> Recipe:
    """The recipe of the run whose curves are shown: their names and units are those of its objective.

    Until the run has its first snapshot, the model that is shown can be another; and once the recipe is
    changed, what will be trained next is.
    """
    training = state.training
    if training.active:  # until it ends, the recipe cannot be changed
        return state.recipe
    if training.snapshot is not None:
        return training.snapshot.recipe
    if training.checkpoint is not None:
        return training.checkpoint.snapshot.recipe
    return state.snapshot.recipe if state.snapshot is not None else state.recipe
