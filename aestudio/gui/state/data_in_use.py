"""Whether a training keeps the images that are loaded. No Qt, no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def is_training(state: StudioState) -> bool:
    """Whether a training has begun and has not ended; a start that still waits takes the images that come."""
    return state.trained_phase not in ("idle", "ended") and state.pending_start is None


def training_keeps_data(state: StudioState) -> bool:
    """Whether no other images can be taken: those of a training that is on the screen stay until it ends."""
    return is_training(state) and state.hidden_training is None
