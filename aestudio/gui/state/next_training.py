"""The recipe that is set up for a later training while another one runs. Pure functions, no Qt.

While a training runs, its recipe is fixed. The next one is set up beside it: `NextTraining` keeps that
recipe, and whether the sidebar shows it or the one that is being trained.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.queue_state import NextTraining
from aestudio.gui.state.run_state import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe


def sets_up_next(state: StudioState) -> bool:
    """Whether the sidebar shows another recipe than the one that is being trained."""
    return state.training.active and state.next_training.shown and state.next_training.recipe is not None


def set_up_recipe(state: StudioState) -> Recipe:
    """The recipe that the sidebar shows."""
    recipe = state.next_training.recipe
    return recipe if recipe is not None and sets_up_next(state) else state.recipe


def as_set_up(state: StudioState) -> StudioState:
    """The state as the form of the recipe shows it: what is set up, of which nothing is trained."""
    if not sets_up_next(state):
        return state
    return replace(state, recipe=set_up_recipe(state), training=RunState())


def with_next_shown(state: StudioState, shown: bool) -> StudioState:
    """The state whose sidebar shows the next training, at first a copy of the present one; or that."""
    recipe = state.next_training.recipe or state.recipe
    if not shown or not state.training.active:
        return replace(state, next_training=replace(state.next_training, shown=False))
    return replace(state, next_training=NextTraining(recipe, True))


def with_set_up(state: StudioState, change: Callable[[StudioState], StudioState]) -> StudioState:
    """The state in which the recipe that the sidebar shows is changed. Raises what `change` raises."""
    if not sets_up_next(state):
        return change(state)
    recipe = change(as_set_up(state)).recipe
    return replace(state, next_training=replace(state.next_training, recipe=recipe))


def with_next_taken(state: StudioState) -> StudioState:
    """The state in which Start trains what was set up during the last training."""
    recipe = state.next_training.recipe
    if recipe is None or state.training.active:
        return state
    training = state.training if recipe == state.recipe else replace(state.training, checkpoint=None)
    return replace(state, recipe=recipe, training=training, next_training=NextTraining())


def with_set_up_kept(state: StudioState) -> StudioState:
    """The state in which a recipe that was changed since the last training is set up for a later one.

    For a training of another recipe that begins without Start.
    """
    model = state.training_model
    trained = model.snapshot.recipe if model is not None else None
    if state.next_training.recipe is not None or trained is None or trained == state.recipe:
        return state
    return replace(state, next_training=NextTraining(state.recipe))
