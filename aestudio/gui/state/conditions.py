"""What the shown model is told besides the code: the chosen class, or that of the image. No Qt, no torch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import DIGIT_NAMES
from aestudio.errors import StudioError
from aestudio.inference.conditions import any_condition, class_of, condition_of_image, fits, row_of_class

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import ConditionKind
    from aestudio.training.events import Snapshot


def shown_kind(state: StudioState) -> ConditionKind:
    """What the shown model is told besides the code; "none" without a model."""
    snapshot = state.snapshot
    if snapshot is None or not snapshot.architecture.condition_size:
        return "none"
    return snapshot.recipe.objective.condition


def shown_condition(state: StudioState) -> ConditionRow | None:
    """What the shown code is decoded with: the chosen condition, else that of the selected image.

    The first class, or factors of 0, if there is neither. None for a model that is told nothing.
    """
    if state.snapshot is None or shown_kind(state) == "none":
        return None
    architecture, chosen = state.snapshot.architecture, chosen_condition(state)
    if chosen is not None and fits(architecture, chosen):
        return chosen
    return selected_condition(state, architecture)


def chosen_condition(state: StudioState) -> ConditionRow | None:
    """What the user chose for the shown model; None for that of the selected image."""
    return None if state.snapshot is None else state.chosen_conditions.get(state.snapshot.run_key)


def selected_condition(state: StudioState, architecture: Architecture) -> ConditionRow | None:
    """What a model is told of the selected image; as `any_condition` if that is not known."""
    own = image_condition(state, architecture)
    return any_condition(architecture) if own is None else own


def image_condition(state: StudioState, architecture: Architecture) -> ConditionRow | None:
    """What a model is told of the selected image; None if the image has no such label or factors."""
    selected = state.selected_image
    if selected is None:
        return None
    try:
        return condition_of_image(architecture, *selected)
    except StudioError:
        return None  # every request about the images says why


def compared_conditions(
    state: StudioState, snapshots: tuple[Snapshot, ...]
) -> tuple[ConditionRow | None, ...]:
    """What each compared run is told of a code: the class or factors of the selected image."""
    found = located(state.compared_image_sets, state.selected)
    rows: list[ConditionRow | None] = []
    for snapshot in snapshots:
        own = None
        if found is not None:
            with suppress(StudioError):  # the request about the images says why
                own = condition_of_image(snapshot.architecture, *found)
        rows.append(any_condition(snapshot.architecture) if own is None else own)
    return tuple(rows)


def located(image_sets: tuple[ImageSet, ...], number: int) -> tuple[ImageSet, int] | None:
    """The set, and the index in it, of the image of a number counted through these; None if none has it."""
    for image_set in image_sets:
        if 0 <= number < len(image_set):
            return image_set, number
        number -= len(image_set)
    return None


def with_condition(state: StudioState, row: ConditionRow | None) -> StudioState:
    """The state with this condition chosen for the shown model; None: that of the selected image.

    A condition that the model cannot be told is not taken.
    """
    snapshot = state.snapshot
    if row is not None:  # as a file keeps it
        row = tuple(np.asarray(row, np.float32).tolist())
    if snapshot is None or chosen_condition(state) == row:
        return state
    if row is not None and not fits(snapshot.architecture, row):
        return state
    chosen = {run: one for run, one in state.chosen_conditions.items() if run != snapshot.run_key}
    if row is not None:
        chosen[snapshot.run_key] = row
    return replace(state, chosen_conditions=MappingProxyType(chosen))


def class_rows(state: StudioState) -> tuple[ConditionRow, ...]:
    """A condition for every class of the shown model; () for a model that is not told a class."""
    if state.snapshot is None or shown_kind(state) != "labels":
        return ()
    architecture = state.snapshot.architecture
    rows = (row_of_class(architecture, label) for label in range(architecture.condition_size))
    return tuple(row for row in rows if row is not None)


def class_titles(state: StudioState) -> tuple[str, ...]:
    """The names of the shown model's classes: those of the images, else their numbers."""
    count = 0 if state.snapshot is None else state.snapshot.data.classes
    names = state.image_sets[0].class_names if state.image_sets else ()
    if len(names) == count:
        return names
    return DIGIT_NAMES if len(DIGIT_NAMES) == count else tuple(map(str, range(count)))


def shown_class(state: StudioState) -> int | None:
    """The class that the shown code is decoded as; None for a model that is not told a class."""
    row = shown_condition(state) if shown_kind(state) == "labels" else None
    return None if row is None else class_of(row)


def factor_ranges(state: StudioState) -> tuple[tuple[str, float, float], ...]:
    """Name, lowest and highest value of each factor of the shown model, over all loaded images."""
    if state.snapshot is None or shown_kind(state) != "factors":
        return ()
    count = state.snapshot.architecture.condition_size
    tables = [one.factors for one in state.image_sets if one.factors is not None and len(one)]
    tables = [table for table in tables if table.shape[1] == count]
    if not tables:
        return tuple((str(number + 1), 0.0, 1.0) for number in range(count))
    low = np.min([table.min(axis=0) for table in tables], axis=0)
    high = np.max([table.max(axis=0) for table in tables], axis=0)
    return tuple(zip(state.image_sets[0].factor_names, low.tolist(), high.tolist(), strict=True))
