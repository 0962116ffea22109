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
    looks = (state.text_size, state.theme, state.ink_on_paper, state.smoothing, state.logarithmic)
    return *looks, id(state.map_choice), id(state.embedding)


def keep_last_shown(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another view is in front, or another run is what the next start shows."""
    if before.view == after.view and before.model is after.model and before.training is after.training:
        return ()
    shown = (after.view, run_to_open(after))
    return () if shown == (before.view, run_to_open(before)) else (KeepLastShown(*shown),)


def share_core(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another view is in front, or there are requests from now on."""
    if after.core_share is None or not after.inference_ready:
        return ()
    same = before.inference_ready and before.core_share == after.core_share
    return () if same else (ShareCore(after.core_share),)
