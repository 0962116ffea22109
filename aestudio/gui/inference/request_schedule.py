"""Which request the inference worker computes next, and when: the queue, and the rounds of a training.

No thread, no clock: times are seconds of one clock, so that a test can live through minutes of it.

No request starves. What the user asks for is computed in the order of the queue, in which each channel keeps
its place (`request_queue`). What follows the training is computed in rounds (`work_share`): a part that was
computed in this round waits for the next one, and that begins only when everything that is due was computed
in this one, the names of the axes last. So a part is never two rounds old, however slow the machine is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aestudio.gui.inference.request_queue import RequestQueue, at_once
from aestudio.gui.inference.requests.exploration_request import OF_EVERY_STEP
from aestudio.gui.inference.work_share import SHARE, SHARE_IN_USE, WorkShare

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject

# How long the user counts as busy after an input.
IN_USE_SECONDS = 1.0
# What is of an earlier step than the map waits so long for its request about the map's step, which comes once
# the window has the map.
RENEWAL_SECONDS = 0.5


class RequestSchedule:
    """The waiting requests, and which of them is due.

    training: whether a training runs, which must not be slowed down
    share:    the part of a core that what follows a training by itself may take; None for the usual one
    """

    def __init__(self) -> None:
        self.training = False
        self.share: float | None = None
        self._queue = RequestQueue()
        self._work_share = WorkShare()
        self._in_use_until = -math.inf
        self._subjects: dict[str, Subject] = {}  # of the request of each channel that was computed last
        self._leader: Request | None = None  # the first one of this round of what follows the training
        self._led = 0.0  # when it was computed; infinity while it is not

    # ---- what comes ------------------------------------------------------------------------------------

    def put(self, request: Request, now: float) -> None:
        """Add a request; it replaces a waiting one of the same channel."""
        if request.channel not in OF_EVERY_STEP:
            self._work_share.requested(request.channel, now)
        self._queue.put(request, now)

    def withdraw(self, channel: str) -> None:
        """Drop the request of a channel, also while it is being computed: its answer is known."""
        self._queue.withdraw(channel)

    def keep(self, relevant: Callable[[Subject], bool]) -> None:
        """Drop every request about another subject, also while it is being computed."""
        self._queue.keep(relevant)

    def clear(self) -> None:
        """Drop the waiting requests."""
        self._queue.clear()

    def in_use(self, now: float) -> None:
        """The user has just done something: for a while, results matter more than the training's speed."""
        self._in_use_until = now + IN_USE_SECONDS

    def is_in_use(self, now: float) -> bool:
        """Whether the user has done something lately."""
        return now < self._in_use_until

    # ---- what is computed ------------------------------------------------------------------------------

    def take(self, now: float, urgent_only: bool = False) -> Request | None:
        """The next request that is due now, which counts as being computed from now on; None without."""
        request = self._queue.take(self._wait_at(now), urgent_only, now)
        if request is not None and self.training and self._follows(request):
            another = self._work_share.begins(request.channel, now)
            if another:
                self._leader, self._led = request, math.inf
        return request

    def least_wait(self, now: float) -> float | None:
        """Seconds until the next request may be due; None if there is none."""
        return self._queue.least_wait(self._wait_at(now))

    def done(self, request: Request, work: float | None, now: float) -> None:
        """The request is no longer being computed. work: its seconds of CPU; None if it was abandoned"""
        self._queue.done(request, completed=work is not None)
        if request is self._leader:
            self._led = now
        if work is not None:
            self._work_share.computed(request.channel, work, now)
            self._subjects[request.channel] = request.subject

    def answered(self, request: Request) -> None:
        """The channel has an answer, be it a coarse one."""
        self._queue.answered(request)

    def must_abandon(self, request: Request, now: float) -> bool:
        """Whether to abandon a request that is being computed."""
        return self._queue.must_abandon(request, self.training, now)

    # ---- when it is due --------------------------------------------------------------------------------

    def _wait_at(self, now: float) -> Callable[[Request], float]:
        """How many seconds each request has to wait from now on; less than 0 if it is overdue."""
        if not self.training:
            return at_once
        share = SHARE if self.share is None else self.share
        share = max(share, SHARE_IN_USE) if self.is_in_use(now) else share
        waiting = self._queue.waiting
        waits = {request.channel: self._wait_of(request, now, share) for request in waiting}
        # The next round begins when this one is complete, with what waits to be renewed in it.
        unfinished = any(waits[one.channel] <= 0 and self._is_of_this_round(one) for one in waiting)
        for request in waiting:
            if unfinished and self._begins_another(request):
                waits[request.channel] = max(waits[request.channel], RENEWAL_SECONDS)
            elif self._outdated(request) and self._in_rounds(request):
                waits[request.channel] = max(waits[request.channel], self._led + RENEWAL_SECONDS - now)
        return lambda request: waits[request.channel]

    def _wait_of(self, request: Request, now: float, share: float) -> float:
        if not self._in_rounds(request):
            return at_once(request)
        return self._work_share.wait(request.channel, now, share)

    def _in_rounds(self, request: Request) -> bool:
        """Whether it has to wait: neither does the user ask for it, nor is it about another run or images."""
        asked = request.urgent or self._subjects.get(request.channel) != request.subject
        return request.channel not in OF_EVERY_STEP and (self._follows(request) or not asked)

    def _is_of_this_round(self, request: Request) -> bool:
        """Whether it is computed in the rounds, and was not yet in this one."""
        return self._in_rounds(request) and not self._work_share.in_round(request.channel)

    def _begins_another(self, request: Request) -> bool:
        """Whether it was computed in this round already."""
        return self._in_rounds(request) and self._work_share.in_round(request.channel)

    def _follows(self, request: Request) -> bool:
        """Whether it only follows the training, and nobody asks for it: it is of another step of the same."""
        last = self._subjects.get(request.channel)
        return (
            request.channel not in OF_EVERY_STEP
            and last is not None
            and last.differs_in_step_only(request.subject)
        )

    def _outdated(self, request: Request) -> bool:
        """Whether it is of an earlier step than the first one of this round: it is about to be renewed."""
        if self._leader is None or request is self._leader:
            return False
        mine, first = request.subject, self._leader.subject
        return mine.runs == first.runs and (mine.step or 0) < (first.step or 0)
