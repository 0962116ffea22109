"""Which request is computed next, and which is abandoned for a newer one. No thread, no clock.

Each channel has one position in the queue. A newer request keeps the position of the one it replaces, also
if that was being computed and is abandoned for it; after an answer the channel goes to the end. So all
channels take turns, however often one of them is requested.

No channel waits without end. One whose requests were abandoned for `PATIENCE` seconds without an answer
computes the next one to its end, although there is a newer one; a coarse value counts as an answer. And what
has waited for so long comes before urgent requests.

The names of the axes come last: they take far longer than all else that is visible, and are needed least. But
they too have their turn after two seconds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject

    Wait = Callable[[Request], float]

PATIENCE = 1.0
LAST, PATIENCE_OF_LAST = frozenset({"axis names"}), 2.0


def at_once(request: Request) -> float:  # noqa: ARG001 - of any request
    """What `RequestQueue.take` is told if no request has to wait: they are taken in their order."""
    return -math.inf


def _patience_of(request: Request) -> float:
    """Seconds after which it comes before all others."""
    return PATIENCE_OF_LAST if request.channel in LAST else PATIENCE


class RequestQueue:
    """At most one waiting request per channel, and the requests that are being computed."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}
        self._computing: list[Request] = []  # the second one interrupts the first one
        self._cancelled: list[Request] = []  # of the requests that are being computed
        self._since: dict[str, float] = {}  # when each waiting channel was first asked for
        # By channel without an answer: when its first request was abandoned for a newer one.
        self._abandoned: dict[str, float] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def waiting(self) -> tuple[Request, ...]:
        """The waiting requests, in their order."""
        return tuple(self._waiting.values())

    def put(self, request: Request, now: float = 0.0) -> None:
        """Add a request; it replaces a waiting one of the same channel. now: seconds of one clock"""
        self._waiting[request.channel] = request
        self._since.setdefault(request.channel, now)

    def withdraw(self, channel: str) -> None:
        """Drop the request of a channel, also while it is being computed."""
        self._forget(channel)
        self._cancelled += [request for request in self._computing if request.channel == channel]

    def _forget(self, channel: str) -> Request | None:
        self._since.pop(channel, None)
        return self._waiting.pop(channel, None)

    def keep(self, relevant: Callable[[Subject], bool]) -> None:
        """Drop every request about another subject, also while it is being computed."""
        for channel in [name for name, request in self._waiting.items() if not relevant(request.subject)]:
            self._forget(channel)
        self._cancelled += [request for request in self._computing if not relevant(request.subject)]

    def clear(self) -> None:
        """Drop the waiting requests."""
        self._waiting.clear()
        self._since.clear()

    def take(self, wait: Wait = at_once, urgent_only: bool = False, now: float = 0.0) -> Request | None:
        """The next request, which counts as being computed from now on; None if none is due.

        wait: seconds until a request is due, less than 0 if it is overdue
        Urgent requests come first, then the one that is most overdue, otherwise in order; before all of them
        one that has waited for a second since it was due. Those of `LAST` wait for all others.
        """
        due = [request for request in self._waiting.values() if wait(request) <= 0]
        request = next((one for one in due if one.urgent), None)
        if not urgent_only:
            # Not the time for which a training lets it wait, but what it is overdue.
            overdue = {one.channel: min(now - self._since[one.channel], -wait(one)) for one in due}
            patient = [one for one in due if overdue[one.channel] >= _patience_of(one)]
            if request is None or patient:
                others = [one for one in due if one.channel not in LAST]
                request = min(patient or others or due, key=wait, default=None)
        if request is not None:
            self._forget(request.channel)
            # An older result on the same channel must not replace the newer one.
            self._cancelled += [one for one in self._computing if one.channel == request.channel]
            self._computing.append(request)
        return request

    def least_wait(self, wait: Wait) -> float | None:
        """Seconds until the next request is due; None if there is none."""
        return min(map(wait, self._waiting.values()), default=None)

    def done(self, request: Request, completed: bool) -> None:
        """The request is no longer being computed. completed: it was not abandoned."""
        self._computing = [one for one in self._computing if one is not request]
        self._cancelled = [one for one in self._cancelled if one is not request]
        if completed:
            self.answered(request)
        elif request.channel in self._waiting:
            newer = self._waiting.pop(request.channel)
            self._waiting = {request.channel: newer, **self._waiting}  # it had no answer yet

    def answered(self, request: Request) -> None:
        """The channel has an answer, be it a coarse one."""
        self._abandoned.pop(request.channel, None)

    def must_abandon(self, request: Request, training: bool, now: float = 0.0) -> bool:
        """Whether to abandon this request: it was cancelled, or there is a newer one.

        While a training runs, newer requests come faster than slow results are ready. So a request about
        an earlier step is computed to its end, and no channel abandons two requests in a row. At rest a
        newer request counts at once, but not for longer than a second without an answer.
        """
        if any(one is request for one in self._cancelled):
            return True
        newer = self._waiting.get(request.channel)
        if newer is None:
            return False
        abandoned = self._abandoned.get(request.channel)
        if training and (abandoned is not None or request.subject.differs_in_step_only(newer.subject)):
            return False
        if abandoned is not None and now - abandoned >= PATIENCE:
            return False
        self._abandoned.setdefault(request.channel, now)
        return True
