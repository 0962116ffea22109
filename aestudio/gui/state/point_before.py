"""Whether a result is about the point of the latent space that was there before the present one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

_OF_POINT = ("code", "around", "base", "condition")
"""What requests about a point call its code, and what the model is told of it."""


def of_point_before(state: StudioState, channel: str) -> bool:
    """Whether the same is being computed for another point, at the same step.

    The decoded image follows the point at once; what takes longer would pass for the image's.
    """
    result, wanted = state.results.get(channel), state.pending.get(channel)
    if result is None or result.value is None or wanted is None:
        return False
    shown = result.request
    if type(shown) is not type(wanted) or shown.subject.step != wanted.subject.step:
        return False
    return any(getattr(shown, name, None) != getattr(wanted, name, None) for name in _OF_POINT)
