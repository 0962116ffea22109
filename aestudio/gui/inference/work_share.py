"""How often each channel is computed while a training runs, so that all together take a share of a core.

The work of each channel is known from its last requests. All that follows the training is computed in rounds,
each part once, so that what is visible is as old and of nearly one step: first the part that was computed
longest ago. A round begins as soon as the rounds so far took no more than their share, see `_least_interval`,
after `LONGEST_SECONDS` at the latest: so old may a visible part become. Only where whole rounds would take
more than `WHOLE_SHARE`, because one part takes long, the others are computed in each of them, and the
expensive ones at intervals in proportion to the square root of their work: for a given share of a core that
makes the sum of their ages least.

A round begins when a snapshot has just come: what waits for it is half a second old at most otherwise. Before
it begins everything that waits was computed in the one before (`RequestSchedule.take`).

No thread, no clock: times are those of the caller, all of one clock.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

# Of a core, for what follows a training by itself; with many such parts in front; and while the user does
# something. With the larger one each part of the Latent view is refreshed every second.
SHARE, LARGE_SHARE, SHARE_IN_USE = 0.04, 0.13, 0.15
# As often as this share allows every part is computed anyway; more is taken only to have it once a second.
SMALL_SHARE = 0.06
SHORTEST_SECONDS, ENOUGH_SECONDS, LONGEST_SECONDS = 0.4, 1.0, 1.5
"""Between two rounds: less shows no more snapshots; more is not needed; later than that none begins, so that
each part is refreshed every two seconds, with the half second until a snapshot comes."""
# What whole rounds may take, if a share would make them later; beyond that the parts are unequal.
WHOLE_SHARE = 0.2
SNAPSHOT_SECONDS = 0.5
"""Between two snapshots of a training, as `training.report_clock`."""
FRESH_SECONDS = 0.1
"""What came this recently is as new as it gets."""
# A channel that was not requested for this long belongs to a view that is no longer shown.
FORGOTTEN_SECONDS = 6.0
NEWEST = 3
"""Requests of each channel whose work is remembered."""


class WorkShare:
    """All times are seconds of one clock; work is in seconds of CPU."""

    def __init__(self) -> None:
        self._works: dict[str, deque[float]] = {}
        self._round = -math.inf  # when the present one began
        self._rounds: dict[str, float] = {}  # when the round began in which each channel was computed last
        self._computed: dict[str, float] = {}
        self._requested: dict[str, float] = {}

    def requested(self, channel: str, now: float) -> None:
        """A request of this channel came."""
        self._requested[channel] = now

    def begins(self, channel: str, now: float) -> bool:
        """The channel is computed from now on. Whether another round begins: it was in this one already."""
        another = self.in_round(channel)
        if another:
            self._round = now
        self._rounds[channel] = self._round
        return another

    def computed(self, channel: str, work: float, now: float) -> None:
        """A request of this channel took so much work."""
        self._works.setdefault(channel, deque(maxlen=NEWEST)).append(work)
        self._computed[channel] = now
        if channel not in self._rounds:  # the user asked for it, or it is new
            self._round = now if self._round == -math.inf else self._round
            self._rounds[channel] = self._round

    def in_round(self, channel: str) -> bool:
        """Whether it was computed in this round, so that to compute it again begins another."""
        return self._rounds.get(channel) == self._round

    def _work(self, channel: str) -> float:
        """The median of its last requests, without what only the first one does (seconds, for names)."""
        works = self._works.get(channel, ())
        if len(works) < 2:
            return 0.0
        return median(works) if len(works) == NEWEST else min(works)

    def _shown(self, channel: str, now: float) -> list[float]:
        """The work of each channel that is requested these days, this one included."""
        return [
            self._work(other)
            for other, since in self._requested.items()
            if other == channel or now - since < FORGOTTEN_SECONDS
        ]

    def interval(self, channel: str, now: float, share: float = SHARE) -> float:
        """Seconds between two requests of this channel, so that those that are shown take the share."""
        works, mine = sorted(self._shown(channel, now)), self._work(channel)
        least = _least_interval(sum(works), share)
        room, whole = max(share, WHOLE_SHARE) * least, 0.0
        while works and whole + works[0] <= room:
            whole += works.pop(0)
        if not works or mine < works[0]:
            return least
        # The cheap ones are in every round; what is left is for this one and those like it.
        left = max(share - whole / least, share / 2)
        return max(least, math.sqrt(mine) * sum(map(math.sqrt, works)) / left)

    def wait(self, channel: str, now: float, share: float = SHARE) -> float:
        """Seconds until the channel may be computed; negative: since then. -inf for a new channel."""
        last = self._computed.get(channel)
        if last is None:
            return -math.inf
        interval = self.interval(channel, now, share)
        # A round may begin a little early, with a snapshot that has just come, or else a little late.
        due = self._rounds[channel] + interval - SNAPSHOT_SECONDS / 2
        if self._round >= due:  # not yet in this round: what was computed first is first
            return self._round - now - 1e-3 * (now - last)
        fresh = now - self._requested.get(channel, -math.inf) < FRESH_SECONDS
        return due - now if fresh else due + SNAPSHOT_SECONDS - now


def _least_interval(work: float, share: float) -> float:
    """Seconds between two rounds that take so much work together."""
    cheap = work / min(share, SMALL_SHARE)
    return max(SHORTEST_SECONDS, min(cheap, max(ENOUGH_SECONDS, min(work / share, LONGEST_SECONDS))))
