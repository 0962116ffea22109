"""How often each channel is computed while a training runs, so that all together take a share of a core.

For each channel the work of a request is known from the last ones. The channels that follow the
training are computed at intervals in proportion to the square root of their work: for a given share of a core
that makes the sum of their ages least, each counted by its importance. So a code that takes a millisecond
follows the training closely, and a map that takes fifty is not starved by it. No thread, no clock.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

# Of a core, for what follows a training by itself; with many such parts in front; and while the user does
# something. With the larger one each part of the Latent view is refreshed every two seconds.
SHARE, LARGE_SHARE, SHARE_IN_USE = 0.04, 0.13, 0.15
# A channel that was not requested for this long belongs to a view that is no longer shown.
FORGOTTEN_SECONDS = 6.0
NEWEST = 3
"""Requests of each channel whose work is remembered."""
# Names of sliders rarely change, and settle over several steps: their age counts less.
IMPORTANCE = {"axis names": 0.5}


class WorkShare:
    """All times are seconds of one clock; work is in seconds of CPU."""

    def __init__(self) -> None:
        self._works: dict[str, deque[float]] = {}
        self._computed: dict[str, float] = {}
        self._requested: dict[str, float] = {}

    def requested(self, channel: str, now: float) -> None:
        """A request of this channel came."""
        self._requested[channel] = now

    def computed(self, channel: str, work: float, now: float) -> None:
        """A request of this channel took so much work."""
        self._works.setdefault(channel, deque(maxlen=NEWEST)).append(work)
        self._computed[channel] = now

    def _work(self, channel: str) -> float | None:
        """The median of its last requests: what only the first one does is not counted."""
        works = self._works.get(channel)
        return None if works is None else median(works)

    def interval(self, channel: str, now: float, share: float = SHARE) -> float:
        """Seconds between two requests of this channel, so that those that are shown take the share."""
        work = self._work(channel)
        if work is None:
            return 0.0
        shown = (
            other
            for other, since in self._requested.items()
            if other == channel or now - since < FORGOTTEN_SECONDS
        )
        roots = sum(math.sqrt((self._work(other) or 0.0) * _importance(other)) for other in shown)
        return math.sqrt(work / _importance(channel)) * roots / share

    def wait(self, channel: str, now: float, share: float = SHARE) -> float:
        """Seconds until the channel may be computed again; negative: since then. -inf for a new channel."""
        last = self._computed.get(channel)
        return -math.inf if last is None else last + self.interval(channel, now, share) - now


def _importance(channel: str) -> float:
    return IMPORTANCE.get(channel, 1.0)
