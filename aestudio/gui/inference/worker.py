"""The thread that computes requests to a snapshot: for each channel only the newest request counts.

Urgent requests (a drawing, a dragged plane) are computed first, also in the middle of a slow one, whenever
that one reports its progress. Which one is next, and when, is up to `request_schedule`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from aestudio.errors import Cancelled
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.request_schedule import RequestSchedule
from aestudio.gui.state.studio_state import Result
from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import ResultReady
from aestudio.gui.workers.thread_priority import lower_thread_priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject
    from aestudio.gui.workers.mailbox import Mailbox
    from aestudio.progress import Progress


class InferenceWorker:
    """One thread with at most one waiting request per channel."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._condition = threading.Condition()
        self._schedule = RequestSchedule()
        self._closed = False
        self._urgent_work = 0.0  # seconds of CPU so far, also in the middle of slow requests
        self._cache: InferenceCache | None = None  # made on its own thread
        self._urgent_cache: InferenceCache | None = None
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self._thread.start()

    @property
    def training(self) -> bool:
        """Whether a training runs, which must not be slowed down."""
        return self._schedule.training

    @training.setter
    def training(self, training: bool) -> None:
        with self._condition:
            self._schedule.training = training
            self._condition.notify()  # waiting requests need not wait any longer

    @property
    def share(self) -> float | None:
        """The part of a core that what follows a training by itself may take; None for the usual one."""
        return self._schedule.share

    @share.setter
    def share(self, share: float) -> None:
        with self._condition:
            self._schedule.share = share
            self._condition.notify()

    def request(self, request: Request) -> None:
        """Queue a request; it replaces a waiting one of the same channel."""
        with self._condition:
            self._schedule.put(request, time.monotonic())
            self._condition.notify()

    def withdraw(self, channel: str) -> None:
        """Drop the request of a channel, also the one that is being computed: its answer is known."""
        with self._condition:
            self._schedule.withdraw(channel)

    def in_use(self) -> None:
        """The user has just done something: for a while, results matter more than the training's speed."""
        with self._condition:
            self._schedule.in_use(time.monotonic())
            self._condition.notify()

    def keep(self, relevant: Callable[[Subject], bool]) -> None:
        """Drop every request about another subject, also the one that is being computed."""
        with self._condition:
            self._schedule.keep(relevant)

    def close(self) -> None:
        """End the thread after the current request."""
        with self._condition:
            self._closed = True
            self._schedule.clear()
            self._condition.notify()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _take(self) -> Request | None:
        """The next request, when it is due; None to end."""
        with self._condition:
            while not self._closed:
                now = time.monotonic()
                request = self._schedule.take(now)
                if request is not None:
                    return request
                self._condition.wait(timeout=self._schedule.least_wait(now))
            return None

    def _progress_of(self, request: Request) -> Progress:
        """What a slow request calls: raises Cancelled if the window closes or the request is outdated."""

        def progress(done: float, total: float | None, what: str) -> None:  # noqa: ARG001 - the protocol's
            if not request.urgent:
                self._compute_urgent()
            with self._condition:
                if self._closed or self._schedule.must_abandon(request, time.monotonic()):
                    raise Cancelled

        return progress

    def _compute_urgent(self) -> None:
        """Compute urgent requests while a slow one waits, with another module."""
        while True:
            with self._condition:
                request = self._schedule.take(time.monotonic(), urgent_only=True)
            if request is None:
                return
            if self._urgent_cache is None:
                self._urgent_cache = InferenceCache(self._cache)
            self._compute(request, self._urgent_cache)

    def _run(self) -> None:
        lower_thread_priority()
        cache = self._cache = InferenceCache()
        while (request := self._take()) is not None:
            self._compute(request, cache)

    def _compute(self, request: Request, cache: InferenceCache) -> None:
        """Compute a request and send its result, unless it is abandoned."""
        # CPU time: on a busy machine a request takes longer, but costs the training no more.
        began, others = time.thread_time(), self._urgent_work
        try:
            result = Result(request, value=self._value_of(request, cache))
        except Cancelled:
            result = None
        except (Exception, SystemExit) as error:  # sys.exit() in a user's file must not end the thread
            result = Result(request, problem=as_problem(error, f"computing “{request.channel}”"))
        worked = time.thread_time() - began - (self._urgent_work - others)
        if request.urgent:
            self._urgent_work += worked
        with self._condition:
            self._schedule.done(request, None if result is None else worked, time.monotonic())
        if result is not None:
            self._send(result)

    def _value_of(self, request: Request, cache: InferenceCache) -> Any:
        """The value; coarser ones are sent on the way."""
        progress = self._progress_of(request)
        result = request.compute(cache, progress)
        if not isinstance(result, Generator):
            return result
        while True:
            try:
                value = next(result)
            except StopIteration as end:
                return end.value
            self._send(Result(request, value=value, more=True))
            with self._condition:
                self._schedule.answered(request)
            progress(0.0, None, "")

    def _send(self, result: Result) -> None:
        channel = result.request.channel
        can_wait = self._schedule.training and not self._schedule.is_in_use(time.monotonic())
        message = ResultReady(channel, result)
        self._mailbox.put(message, f"result {channel}", can_wait=can_wait, leads_on=True)
