"""Which request is computed next, and which is abandoned for a newer one. No thread, no clock.

Each channel has one position in the queue. A newer request keeps the position of the one it replaces; after
a result the channel goes to the end. So all channels take turns, however often one of them is requested.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject

    Wait = Callable[[Request], float]


def at_once(request: Request) -> float:  # noqa: ARG001 - of any request
    """What `RequestQueue.take` is told if no request has to wait: they are taken in their order."""
    return -math.inf


class RequestQueue:
    """At most one waiting request per channel, and the requests that are being computed."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}
        self._computing: list[Request] = []  # the second one interrupts the first one
        self._cancelled: list[Request] = []  # of the requests that are being computed
        self._abandoned: set[str] = set()  # channels whose last request was abandoned for a newer one

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, request: Request) -> None:
        """Add a request; it replaces a waiting one of the same channel."""
        self._waiting[request.channel] = request

    def keep(self, relevant: Callable[[Subject], bool]) -> None:
        """Drop every request about another subject, also while it is being computed."""
        self._waiting = {
            channel: request for channel, request in self._waiting.items() if relevant(request.subject)
        }
        self._cancelled += [request for request in self._computing if not relevant(request.subject)]

    def clear(self) -> None:
        """Drop the waiting requests."""
        self._waiting.clear()

    def take(self, wait: Wait = at_once, urgent_only: bool = False) -> Request | None:
        """The next request, which counts as being computed from now on; None if none is due.

        wait: seconds until a request is due, less than 0 if it is overdue
        Urgent requests come first, then the one that is most overdue, otherwise in order.
        """
        due = [request for request in self._waiting.values() if wait(request) <= 0]
        request = next((one for one in due if one.urgent), None)
        if request is None and not urgent_only:
            request = min(due, key=wait, default=None)
        if request is not None:
            del self._waiting[request.channel]
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
            self._abandoned.discard(request.channel)

    def must_abandon(self, request: Request, training: bool) -> bool:
        """Whether to abandon this request: it was cancelled, or there is a newer one.

        While a training runs, newer requests come faster than slow results are ready. So a request about
        an earlier step is computed to its end, and no channel abandons two requests in a row.
        """
        if any(one is request for one in self._cancelled):
            return True
        newer = self._waiting.get(request.channel)
        if newer is None:
            return False
        if training:
            earlier = request.subject.differs_in_step_only(newer.subject)
            if earlier or request.channel in self._abandoned:
                return False
        self._abandoned.add(request.channel)
        return True
