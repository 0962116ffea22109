"""What is kept of the latent space that the user set up in a run, and taken up when it is opened. Pure.

That is what belongs to the run: the point, the sliders, the axes of the map. Which view and panel is in
front, colours and overlays are preferences of the window.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.state.capabilities import is_discrete
from aestudio.gui.state.chosen_axes import plane_in
from aestudio.gui.state.chosen_by_run import remembered
from aestudio.gui.state.condition_state import with_condition
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.workspace import Direction, SliderState
from aestudio.paths import runs_folder
from aestudio.runs.view_file import MOST_DIRECTIONS, KeptDirection, KeptView

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def folder_of_view(state: StudioState) -> Path | None:
    """The folder of the shown run, if it is one of the user's; whether it is there is not known."""
    if state.model is None or state.model.origin == "shipped" or not state.model.snapshot.run:
        return None
    run, home = state.model.snapshot.run, state.model.snapshot.home
    if state.training.run == run and state.training.folder is not None:
        return state.training.folder
    return Path(home) if home else runs_folder() / run


def view_of(state: StudioState) -> KeptView:
    """What is kept of the shown run; what is as usual is left out."""
    snapshot = state.snapshot
    if snapshot is None:
        return KeptView()
    code = state.chosen_codes.get(snapshot.run_key)
    condition = state.chosen_conditions.get(snapshot.run_key)
    sliders, plane = state.workspace.sliders, state.plane
    usual = 0 if state.data.dataset is None else state.data.dataset.test.plainest
    return KeptView(
        selected=None if state.selected == usual else state.selected,
        code=None if code is None else tuple(code.tolist()),
        condition=None if condition is None else tuple(condition),
        basis=sliders.basis,
        muted=tuple(sorted(sliders.muted)),
        soloed=tuple(sorted(sliders.soloed)),
        locked=tuple(sorted(sliders.locked)),
        plane=None if is_embedding(plane.kind) else (plane.kind, plane.first, plane.second, plane.third),  # type: ignore[arg-type]
        directions=tuple(map(_kept, state.workspace.directions[:MOST_DIRECTIONS])),
    )


def with_point_of(state: StudioState, view: KeptView | None) -> StudioState:
    """The state that is about to show a run, with the point and the axes that were kept of it.

    What the user chose in this session stays. What the model cannot have is left out.
    """
    snapshot = state.snapshot
    if view is None or snapshot is None:
        return state
    size, run = snapshot.architecture.latent.size, snapshot.run_key
    if view.code is not None and len(view.code) == size and run not in state.chosen_codes:
        code = np.array(view.code, np.float32)
        if np.isfinite(code).all():
            state = replace(state, chosen_codes=remembered(state.chosen_codes, run, code))
    if view.condition is not None and run not in state.chosen_conditions:
        state = with_condition(state, tuple(view.condition))
    plane = None if view.plane is None or is_discrete(snapshot) else plane_in(size, list(view.plane))
    return state if plane is None or plane == state.plane else replace(state, plane=plane)


def with_sliders_of(state: StudioState, view: KeptView | None) -> StudioState:
    """The state that shows a run, with the sliders and own directions that were kept of it."""
    snapshot = state.snapshot
    if view is None or snapshot is None or is_discrete(snapshot):
        return state
    size = snapshot.architecture.latent.size
    muted, soloed, locked = (
        frozenset(number for number in numbers if number < size)
        for numbers in (view.muted, view.soloed, view.locked)
    )
    sliders = SliderState(view.basis, muted, soloed, locked)
    directions = tuple(
        _direction(one) for one in view.directions if len(one.vector) == len(one.error) == size
    )
    if sliders == state.workspace.sliders and not directions:
        return state
    return replace(state, workspace=replace(state.workspace, sliders=sliders, directions=directions))


def selected_in(view: KeptView | None, state: StudioState) -> int | None:
    """The number of the image that was selected in the run; None for the usual one, or if it is not there."""
    number = None if view is None else view.selected
    return number if number is not None and state.image_at(number) is not None else None


def _kept(direction: Direction) -> KeptDirection:
    return KeptDirection(
        name=direction.name[:500],
        vector=tuple(direction.vector.tolist()),
        error=tuple(one if np.isfinite(one) else None for one in direction.error.tolist()),
        amount=float(direction.amount),
    )


def _direction(kept: KeptDirection) -> Direction:
    error = np.array([np.nan if one is None else one for one in kept.error], np.float32)
    return Direction(kept.name, np.array(kept.vector, np.float32), error, kept.amount)
