"""Bookmarks, drawings and sliders are kept with the run that is shown, tags of images with the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import (
    FollowLists,
    FollowTags,
    KeepView,
    LeaveView,
    Reaction,
    WriteList,
)
from aestudio.gui.state.kept_view import folder_of_view, view_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def follow_lists(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another run is shown, a training has begun or is shown again, or its folder has moved."""
    if after.model is None:
        return ()
    same_training = before.training.started is after.training.started
    moved = same_training and after.training.started is not None
    moved = moved and before.training.folder != after.training.folder
    returned = before.hidden_training is not None and after.hidden_training is None
    if same_training and not moved and _run(before) == _run(after):
        return ()
    return (FollowLists(moved, returned and same_training),)


def follow_tags(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Other images are loaded, whether the shown model takes them or not."""
    return () if before.data.dataset is after.data.dataset else (FollowTags(),)


def write_lists(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """A list differs from the one in its file."""
    undone = len(after.undo.future) > len(before.undo.future)
    return tuple(
        WriteList(name, undone)
        for name, kept in after.kept_lists.items()
        if kept.path is not None and not kept.reading and getattr(after.workspace, name) != kept.saved
    )


def keep_view(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The user moved a slider, another image is selected, the map has other axes; or another run is shown."""
    if before.model is not after.model and _run(before) != _run(after):
        folder = folder_of_view(before)
        return () if folder is None else (LeaveView(folder, view_of(before)),)
    return () if _set_up(before) == _set_up(after) or folder_of_view(after) is None else (KeepView(),)


def _set_up(state: StudioState) -> tuple[object, ...]:
    """Cheap to compare: it is done for every move of a slider."""
    chosen = id(state.chosen_codes), id(state.chosen_conditions)
    workspace = id(state.workspace.sliders), id(state.workspace.directions)
    return *chosen, *workspace, id(state.plane), state.selected


def _run(state: StudioState) -> object:
    if state.model is None:
        return None
    return state.model.snapshot.run_key, state.model.origin == "shipped"
