"""How often a slow question is put anew while a training sends snapshots twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot


class RequestPacing:
    """Holds on to a snapshot until its question was answered and some seconds have passed.

    Without it a question that takes longer than the next snapshot would be put off forever: of each
    channel only the newest question counts. Where no training runs, or a moment of its past is shown, the
    newest snapshot is taken at once; in a film of those as soon as the one before is answered.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: Snapshot | None = None
        self._at: int | None = None  # the moment of the past that was shown
        self._since = 0.0

    def snapshot(self, state: StudioState, channel: str) -> Snapshot | None:
        """The snapshot to ask about on this channel now."""
        newest, held = state.snapshot, self._held
        if newest is held or newest is None:
            return newest
        same = held is not None and held.run_key == newest.run_key
        # From a moment of the past to another one, or to now, it was a hand that jumped.
        jumped = self._at != state.history.step and not state.history.playing
        if same and not jumped and self._waits(state, channel):
            return held
        self._held, self._at = newest, state.history.step
        self._since = time.monotonic()
        return newest

    def _waits(self, state: StudioState, channel: str) -> bool:
        if state.history.playing:
            return channel in state.asked
        if state.training.phase != "running" or state.history.step is not None:
            return False
        return channel in state.asked or time.monotonic() - self._since < self._seconds
