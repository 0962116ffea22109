"""What models are told besides the code: what the user chose, or that of the image. No Qt, no torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import located
from aestudio.errors import StudioError
from aestudio.gui.state.chosen_by_run import remembered
from aestudio.gui.state.model_condition import ModelCondition
from aestudio.gui.state.trained_images import are_foreign, are_foreign_to
from aestudio.inference.conditions import any_condition, condition_of_image, fits

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import ConditionKind
    from aestudio.training.events import Snapshot


# ---- the shown model ------------------------------------------------------------------------------------


def model_condition(state: StudioState) -> ModelCondition:
    """What the shown model is told of the shown code, and all that it could be told."""
    if state.snapshot is None:
        return ModelCondition()
    told, chosen = shown_condition(state), chosen_condition(state)
    sets, foreign = state.image_sets, are_foreign(state)
    return ModelCondition(state.snapshot.architecture, sets, told, chosen is not None, foreign)


def shown_kind(state: StudioState) -> ConditionKind:
    """What the shown model is told besides the code; "none" without a model."""
    return "none" if state.snapshot is None else ModelCondition(state.snapshot.architecture).kind


def shown_condition(state: StudioState) -> ConditionRow | None:
    """What the shown code is decoded with: the chosen condition, else that of the selected image.

    The first class, or factors of 0, if there is neither. None for a model that is told nothing.
    """
    if state.snapshot is None or shown_kind(state) == "none":
        return None
    return _told(state.snapshot.architecture, chosen_condition(state), state.selected_image)


def chosen_condition(state: StudioState) -> ConditionRow | None:
    """What the user chose for the shown model; None for that of the selected image."""
    return None if state.snapshot is None else state.chosen_conditions.get(state.snapshot.run_key)


def with_condition(state: StudioState, row: ConditionRow | None) -> StudioState:
    """The state with this condition chosen for the shown model; None: that of the selected image.

    A condition that the model cannot be told is not taken.
    """
    snapshot, row = state.snapshot, _as_kept(row)
    if snapshot is None or chosen_condition(state) == row:
        return state
    if row is not None and not fits(snapshot.architecture, row):
        return state
    return replace(state, chosen_conditions=remembered(state.chosen_conditions, snapshot.run_key, row))


def class_rows(state: StudioState) -> tuple[ConditionRow, ...]:
    """A condition for every class of the shown model; () for a model that is not told a class."""
    return () if state.snapshot is None else ModelCondition(state.snapshot.architecture).rows


def class_titles(state: StudioState) -> tuple[str, ...]:
    """The names of the shown model's classes: those of the images it was trained on, else their numbers."""
    if state.snapshot is None:
        return ()
    return ModelCondition(state.snapshot.architecture, state.image_sets, foreign=are_foreign(state)).titles


def shown_class(state: StudioState) -> int | None:
    """The class that the shown code is decoded as; None for a model that is not told a class."""
    return model_condition(state).label


# ---- the compared runs ----------------------------------------------------------------------------------


def compared_condition(state: StudioState) -> ModelCondition:
    """What the compared runs are told of a code, which is chosen for all of them at once.

    If some are told a class and others factors: of those that are told a class.
    """
    told = [one for one in state.comparison.runs if one.architecture.condition_size]
    if not told:
        return ModelCondition()
    by_class = (one for one in told if one.architecture.recipe.objective.condition == "labels")
    run = next(by_class, told[0])
    chosen, row = state.comparison.condition, _compared_row(state, run.architecture)
    foreign = are_foreign_to(run, state)
    return ModelCondition(run.architecture, state.compared_image_sets, row, chosen is not None, foreign)


def compared_conditions(
    state: StudioState, snapshots: tuple[Snapshot, ...]
) -> tuple[ConditionRow | None, ...]:
    """What each compared run is told of a code: the chosen condition, else that of the selected image."""
    return tuple(_compared_row(state, snapshot.architecture) for snapshot in snapshots)


def with_compared_condition(state: StudioState, row: ConditionRow | None) -> StudioState:
    """The state with this condition chosen for all compared runs; None: that of the selected image.

    A condition that none of them can be told is not taken.
    """
    row = _as_kept(row)
    possible = (fits(compared_run.architecture, row) for compared_run in state.comparison.runs)
    if row == state.comparison.condition or (row is not None and not any(possible)):
        return state
    return replace(state, comparison=replace(state.comparison, condition=row))


def _compared_row(state: StudioState, architecture: Architecture) -> ConditionRow | None:
    found = located(state.compared_image_sets, state.selected)
    return _told(architecture, state.comparison.condition, found)


# ---- images ---------------------------------------------------------------------------------------------


def _told(
    architecture: Architecture, chosen: ConditionRow | None, found: tuple[ImageSet, int] | None
) -> ConditionRow | None:
    """The chosen condition if it fits, else that of the selected image, else any."""
    if chosen is not None and fits(architecture, chosen):
        return chosen
    own = _of_image(architecture, found)
    return any_condition(architecture) if own is None else own


def _of_image(architecture: Architecture, found: tuple[ImageSet, int] | None) -> ConditionRow | None:
    if found is None:
        return None
    try:
        return condition_of_image(architecture, *found)
    except StudioError:
        return None  # every request about the images says why


def _as_kept(row: ConditionRow | None) -> ConditionRow | None:
    """A condition as a file keeps it: the numbers of float32."""
    return None if row is None else tuple(np.asarray(row, np.float32).tolist())
