"""The size of the text is applied; what the user prefers is kept; the view in front has its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import (
    KeepLastShown,
    KeepPreferences,
    Reaction,
    ScaleText,
    ShareCore,
)
from aestudio.gui.state.last_shown import run_to_open
from aestudio.gui.state.preferences import preferences_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

LONG_STEP_SECONDS, MORE_BESIDE_LONG_STEPS = 0.012, 1.7


def scale_text(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The user chose another size of the text."""
    return () if before.text_size == after.text_size else (ScaleText(after.text_size),)


def keep_preferences(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The user chose something that outlasts the session."""
    if _chosen(before) == _chosen(after):
        return ()  # as for nearly every change
    known = preferences_of(before)
    changed = {name: value for name, value in preferences_of(after).items() if value != known[name]}
    return (KeepPreferences(tuple(changed.items())),) if changed else ()


def _chosen(state: StudioState) -> tuple[object, ...]:
    looks = (state.text_size, state.theme, state.ink_on_paper, state.tour_seen)
    curves = (state.smoothing, state.logarithmic, state.clip_outliers)
    views = (state.workspace.sliders.basis, state.comparison.same_axes)
    return *looks, *curves, *views, id(state.map_choice), id(state.axes), id(state.embedding.settings)


def keep_last_shown(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another view is in front, or another run is what the next start shows."""
    if before.view == after.view and before.model is after.model and before.training is after.training:
        return ()
    shown = (after.view, run_to_open(after))
    return () if shown == (before.view, run_to_open(before)) else (KeepLastShown(*shown),)


def share_core(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another view is in front, steps last longer or shorter, or there are requests from now on."""
    share = _share(after)
    if share is None or not after.inference_ready:
        return ()
    return () if before.inference_ready and _share(before) == share else (ShareCore(share),)


def _share(state: StudioState) -> float | None:
    """The share of the view in front; more beside a training whose steps are long.

    What is computed for a view costs a training mostly the interpreter's lock. A long step is a large product
    or convolution, without the lock, so `conv-vae` lost 5 % where `vae` lost 21 % to the same share.
    """
    share, training = state.core_share, state.training
    if share is None or training.phase != "running" or training.progress is None or training.snapshot is None:
        return share
    batch, speed = training.snapshot.recipe.training.batch_size, training.progress.images_per_second
    return share * MORE_BESIDE_LONG_STEPS if 0 < speed * LONG_STEP_SECONDS <= batch else share
