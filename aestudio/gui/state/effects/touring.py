"""The tour leaves a step out that the shown model does not allow, and ends when a training begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import GoOnWithTour, Reaction
from aestudio.gui.state.tour import is_possible

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def follow_tour(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Another model is shown, or the user has pressed Start."""
    return () if after.tour is None or is_possible(after, after.tour) else (GoOnWithTour(),)
