"""How often a slow request is repeated while a training sends snapshots twice a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot

    Snapshots = tuple[Snapshot, ...]


class RequestPacing:
    """Keeps the snapshots of a request until some seconds have passed.

    How often it is computed is up to the inference worker, which takes the newest when it begins and computes
    it to its end. If no training runs, or a checkpoint of the history is shown, the newest snapshot is used
    at once; in an animation, as soon as the request before is computed. Those of compared runs are also kept
    until they were computed, because the snapshots of one step come one after the other.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: Snapshots = ()
        self._history_step: int | None = None  # step of the history that was shown
        self._since = 0.0

    def snapshot(self, state: StudioState, channel: str) -> Snapshot | None:
        """The snapshot of the shown model to request on this channel now."""
        newest, history = state.snapshot, state.history
        if newest is None:
            return None
        if history.playing:
            waits = channel in state.pending
        elif history.step is not None or history.step != self._history_step:
            waits = False  # the user jumped to another checkpoint, or back to the present
        else:
            running = state.training.phase == "running" and state.shows_newest
            waits = running and time.monotonic() - self._since < self._seconds
        before = self._held
        (held,) = self._newest((newest,), waits)
        if self._held is not before:
            self._history_step = history.step
        return held

    def compared_snapshots(self, state: StudioState, channel: str) -> Snapshots:
        """A snapshot of each compared run, all of one step, to request on this channel now; () without."""
        newest = state.comparison.snapshots
        if not newest:
            return ()
        waits = state.comparison.phase == "running" and (
            self._too_early(state, channel) or not _in_step(newest, state)
        )
        return self._newest(newest, waits)

    def _too_early(self, state: StudioState, channel: str) -> bool:
        return channel in state.pending or time.monotonic() - self._since < self._seconds

    def _newest(self, newest: Snapshots, waits: bool) -> Snapshots:
        """The newest ones; those that are held while they wait, and are of the same runs."""
        same = [one.run_key for one in newest] == [one.run_key for one in self._held]
        if newest != self._held and not (same and waits):
            self._held, self._since = newest, time.monotonic()
        return self._held


def _in_step(snapshots: Snapshots, state: StudioState) -> bool:
    """Whether the snapshots of all runs that have not ended are of one step."""
    pairs = zip(snapshots, state.comparison.runs, strict=True)
    return len({snapshot.step for snapshot, run in pairs if run.ended is None}) <= 1
