"""Whose names and units the curves of the training have. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe


def recipe_of_curves(state: StudioState) -> Recipe:
    """The recipe of the run whose curves are shown: their names and units are those of its objective.

    Until the run has its first snapshot, the model that is shown can be another; and once the recipe is
    changed, what will be trained next is.
    """
    return _recipe_of(state, state.shown_run, state.model)


def recipe_of_training(state: StudioState) -> Recipe:
    """The same of the training, whether its curves are shown or not."""
    return _recipe_of(state, state.training, state.training_model)


def _recipe_of(state: StudioState, run: RunState, model: ExploredModel | None) -> Recipe:
    if run.active:  # until it ends, the recipe cannot be changed
        return state.recipe
    if run.snapshot is not None:
        return run.snapshot.recipe
    if run.checkpoint is not None:
        return run.checkpoint.snapshot.recipe
    return model.snapshot.recipe if model is not None else state.recipe
