"""How often a slow request is repeated while a training sends snapshots twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot


class RequestPacing:
    """Keeps a snapshot until its request was computed and some seconds have passed.

    Otherwise a request that takes longer than the next snapshot would never finish, because for each
    channel only the newest request counts. If no training runs, or a checkpoint of the history is shown,
    the newest snapshot is used at once; in an animation, as soon as the request before is computed.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: Snapshot | None = None
        self._history_step: int | None = None  # step of the history that was shown
        self._since = 0.0

    def snapshot(self, state: StudioState, channel: str) -> Snapshot | None:
        """The snapshot to request on this channel now."""
        newest, held = state.snapshot, self._held
        if newest is held or newest is None:
            return newest
        same = held is not None and held.run_key == newest.run_key
        # The user jumped to another checkpoint, or back to the present.
        jumped = self._history_step != state.history.step and not state.history.playing
        if same and not jumped and self._waits(state, channel):
            return held
        self._held, self._history_step = newest, state.history.step
        self._since = time.monotonic()
        return newest

    def _waits(self, state: StudioState, channel: str) -> bool:
        if state.history.playing:
            return channel in state.pending
        if state.training.phase != "running" or state.history.step is not None:
            return False
        return channel in state.pending or time.monotonic() - self._since < self._seconds
