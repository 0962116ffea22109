"""The tour of a first start: which step comes next, and which the shown model allows. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.capabilities import is_discrete, no_latent_space, no_map

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState, TourStep

STEPS: tuple[TourStep, ...] = ("slider", "map", "start")

QUICK_RECIPE = "vae"
"""What a new user trains first: an epoch takes 3 s on two cores, `conv-vae-2d` 11 s (docs/speed.md)."""

_LEAST_DIMENSIONS = 2  # of a map


def is_possible(state: StudioState, step: TourStep) -> bool:
    """Whether the window has what this step is about, or will have it once a model is there."""
    snapshot = state.snapshot
    if step in ("start", "train"):
        return state.trained_phase in ("idle", "ended") and state.pending_start is None
    if no_latent_space(snapshot) or is_discrete(snapshot):
        return False
    flat = snapshot is not None and snapshot.architecture.latent.size < _LEAST_DIMENSIONS
    return step == "slider" or not (flat or no_map(snapshot))


def next_step(state: StudioState, step: TourStep | None = None) -> TourStep | None:
    """The first possible step after this one, or of all; None if there is none: then the tour is over."""
    later = STEPS[STEPS.index(step) + 1 :] if step in STEPS else STEPS if step is None else ()
    return next((one for one in later if is_possible(state, one)), None)


def begun(state: StudioState) -> StudioState:
    """The state with the tour at its first step. It never begins by itself again."""
    return replace(state, tour=next_step(state), tour_seen=True)


def gone_on(state: StudioState) -> StudioState:
    """The state with the tour at its next step, or over."""
    return replace(state, tour=None if state.tour is None else next_step(state, state.tour))
