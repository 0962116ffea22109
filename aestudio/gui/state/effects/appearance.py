"""The size of the text is applied; what the user prefers is kept; the view in front has its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import KeepPreferences, Reaction, ScaleText, ShareCore
from aestudio.gui.state.preferences import preferences_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def scale_text(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The user chose another size of the text."""
    return () if before.text_size == after.text_size else (ScaleText(after.text_size),)


def keep_preferences(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The user chose something that outlasts the session."""
    if (
        before.text_size == after.text_size
        and before.map_choice is after.map_choice
        and before.embedding is after.embedding
    ):
        return ()  # as for nearly every change
    known = preferences_of(before)
    changed = {name: value for name, value in preferences_of(after).items() if value != known[name]}
    return (KeepPreferences(tuple(changed.items())),) if changed else ()


def share_core(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another view is in front, or there are requests from now on."""
    if after.core_share is None or not after.inference_ready:
        return ()
    same = before.inference_ready and before.core_share == after.core_share
    return () if same else (ShareCore(after.core_share),)
