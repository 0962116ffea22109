"""Bookmarks and drawings are written into the folder of the run that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import FollowBookmarks, FollowDrawings, Reaction

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def follow_bookmarks(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another run, another folder, or other bookmarks."""
    if after.model is None:
        return ()
    same = _run(before) == _run(after) and before.workspace.bookmarks is after.workspace.bookmarks
    return () if same and before.training.folder == after.training.folder else (FollowBookmarks(),)


def follow_drawings(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another run, another folder or phase of its training, or other drawings."""
    same = _run(before) == _run(after) and before.workspace.drawings is after.workspace.drawings
    return () if same and _place(before) == _place(after) else (FollowDrawings(),)


def _run(state: StudioState) -> object:
    if state.model is None:
        return None
    return state.model.snapshot.run_key, state.model.snapshot.home, state.model.origin


def _place(state: StudioState) -> tuple[object, ...]:
    training = state.training
    started = None if training.started is None else training.started.run
    return started, training.run, training.phase == "preparing", training.folder
