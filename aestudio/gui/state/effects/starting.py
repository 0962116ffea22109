"""What waits for something else begins, or is cancelled, once that is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import BeginBranch, BeginTraining, CancelStart, Reaction

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def cancel_start(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Loading has ended without new images, or torch cannot be loaded: what waited for it does not begin."""
    if after.pending_start is not None and after.torch_phase == "failed":
        return (CancelStart(None),)
    ended = before.data.phase == "loading" != after.data.phase
    if after.pending_start is None or not ended or after.data.dataset is not before.data.dataset:
        return ()
    return (CancelStart(after.data.problem if after.data.phase == "failed" else None),)


def begin_training(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The images and torch are there."""
    ready = after.data.usable and after.torch_phase == "ready"
    return (BeginTraining(),) if after.pending_start is not None and ready else ()


def begin_branch(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The training that a branch waited for has ended."""
    return (BeginBranch(),) if after.pending_branch is not None and not after.training.active else ()
