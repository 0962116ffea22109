"""Which question is answered next, and which answer is given up for a newer one. No thread, no clock.

Each channel has one place in the queue. Who is asked again keeps the place; who was answered goes to the
end: so all channels take turns, however often one of them is asked anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject


class RequestQueue:
    """A place for one question per channel, and what is known of those that are being answered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}
        self._at_work: list[Request] = []  # the second one came in between the first one's parts
        self._unwanted: list[Request] = []  # of those
        self._gave_way: set[str] = set()  # channels whose last answer was given up for a newer question

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, request: Request) -> None:
        """A question takes the place of one of the same channel that was not begun."""
        self._waiting[request.channel] = request

    def keep(self, wanted: Callable[[Subject], bool]) -> None:
        """Forget every question about something else, also while it is being answered."""
        self._waiting = {
            channel: request for channel, request in self._waiting.items() if wanted(request.subject)
        }
        self._unwanted += [request for request in self._at_work if not wanted(request.subject)]

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def take(self, urgent_only: bool = False) -> Request | None:
        """The next question, which is being answered from now on: urgent ones first, then in order."""
        waiting = self._waiting.values()
        request = next((one for one in waiting if one.urgent), None)
        if request is None and not urgent_only:
            request = next(iter(waiting), None)
        if request is not None:
            del self._waiting[request.channel]
            # What is newer than an answer at work on the same channel must not be replaced by it.
            self._unwanted += [one for one in self._at_work if one.channel == request.channel]
            self._at_work.append(request)
        return request

    def has_urgent(self) -> bool:
        """Whether somebody waits for an answer."""
        return any(request.urgent for request in self._waiting.values())

    def done(self, request: Request, answered: bool) -> None:
        """It is not being answered any more."""
        self._at_work = [one for one in self._at_work if one is not request]
        self._unwanted = [one for one in self._unwanted if one is not request]
        if answered:
            self._gave_way.discard(request.channel)

    def gives_way(self, request: Request, training: bool) -> bool:
        """Whether the answer at work is to be given up: nobody wants it, or there is a newer question.

        While a training runs, newer questions come faster than slow answers are ready. So an answer about
        an earlier step is worked out to its end, and no channel gives way twice in a row.
        """
        if any(one is request for one in self._unwanted):
            return True
        newer = self._waiting.get(request.channel)
        if newer is None:
            return False
        if training:
            earlier = request.subject.differs_in_step_only(newer.subject)
            if earlier or request.channel in self._gave_way:
                return False
        self._gave_way.add(request.channel)
        return True
