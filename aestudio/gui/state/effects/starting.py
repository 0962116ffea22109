"""A start that waits for images and torch begins, or is cancelled, once that is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import (
    BeginComparison,
    BeginTraining,
    CancelComparison,
    CancelStart,
    Reaction,
)

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def cancel_start(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Loading has ended without new images: a training that waited for them does not begin."""
    ended = before.data.phase == "loading" != after.data.phase
    if not after.training.start_when_ready or not ended or after.data.dataset is not before.data.dataset:
        return ()
    return (CancelStart(after.data.problem if after.data.phase == "failed" else None),)


def begin_training(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The images and torch are there."""
    return (BeginTraining(),) if after.training.start_when_ready and _ready(after) else ()


def begin_comparison(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The images and torch are there, or the images will not come."""
    if not after.comparison.start_when_ready:
        return ()
    if after.data.phase == "failed" and not after.data.usable:
        return (CancelComparison(),)
    return (BeginComparison(),) if _ready(after) else ()


def _ready(state: StudioState) -> bool:
    return state.data.usable and state.torch_phase == "ready"
