"""The thread that computes requests to a snapshot: for each channel only the newest request counts.

Urgent requests (a drawing, a dragged plane) are computed first, also in the middle of a slow one, whenever
that one reports its progress. While a training runs, what follows it by itself is computed in rounds that
cost the training no more than a share of a core (`work_share`); more while the user does something.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from aestudio.errors import Cancelled
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.request_queue import RequestQueue, at_once
from aestudio.gui.inference.requests.exploration_request import OF_EVERY_STEP
from aestudio.gui.inference.work_share import SHARE, SHARE_IN_USE, WorkShare
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

# How long the user counts as busy after an input.
IN_USE_SECONDS = 1.0
# What is of an earlier step than the map waits so long for its request about the map's step, which comes once
# the window has the map.
RENEWAL_SECONDS = 0.3


class InferenceWorker:
    """One thread with at most one waiting request per channel."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._condition = threading.Condition()
        self._queue = RequestQueue()
        self._closed = False
        self._training = False
        self._in_use_until = 0.0
        self._share = WorkShare()
        self._part_of_core: float | None = None
        self._urgent_work = 0.0  # seconds of CPU so far, also in the middle of slow requests
        self._leader: Request | None = None  # the first one of this round of what follows the training
        self._led = 0.0  # when it was computed; infinity while it is not
        self._subjects: dict[str, Subject] = {}  # of the request of each channel that was computed last
        self._cache: InferenceCache | None = None  # made on its own thread
        self._urgent_cache: InferenceCache | None = None
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self._thread.start()

    @property
    def training(self) -> bool:
        """Whether a training runs, which must not be slowed down."""
        return self._training

    @training.setter
    def training(self, training: bool) -> None:
        with self._condition:
            self._training = training
            self._condition.notify()  # waiting requests need not wait any longer

    @property
    def share(self) -> float:
        """The part of a core that what follows a training by itself may take."""
        return SHARE if self._part_of_core is None else self._part_of_core

    @share.setter
    def share(self, share: float) -> None:
        with self._condition:
            self._part_of_core = share
            self._condition.notify()

    def request(self, request: Request) -> None:
        """Queue a request; it replaces a waiting one of the same channel."""
        with self._condition:
            now = time.monotonic()
            if request.channel not in OF_EVERY_STEP:
                self._share.requested(request.channel, now)
            self._queue.put(request, now)
            self._condition.notify()

    def withdraw(self, channel: str) -> None:
        """Drop the request of a channel, also the one that is being computed: its answer is known."""
        with self._condition:
            self._queue.withdraw(channel)

    def in_use(self) -> None:
        """The user has just done something: for a while, results matter more than the training's speed."""
        with self._condition:
            self._in_use_until = time.monotonic() + IN_USE_SECONDS
            self._condition.notify()

    def keep(self, relevant: Callable[[Subject], bool]) -> None:
        """Drop every request about another subject, also the one that is being computed."""
        with self._condition:
            self._queue.keep(relevant)

    def close(self) -> None:
        """End the thread after the current request."""
        with self._condition:
            self._closed = True
            self._queue.clear()
            self._condition.notify()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _take(self) -> Request | None:
        """The next request, when it is due; None to end."""
        with self._condition:
            while not self._closed:
                wait = self._wait_now()
                request = self._take_due(wait)
                if request is not None:
                    return request
                self._condition.wait(timeout=self._queue.least_wait(wait))
            return None

    def _take_due(self, wait: Callable[[Request], float], urgent_only: bool = False) -> Request | None:
        """The next request that is due now."""
        now = time.monotonic()
        request = self._queue.take(wait, urgent_only, now)
        if request is not None and self._training and self._follows(request):
            another = self._share.begins(request.channel, now)
            if another:
                self._leader, self._led = request, math.inf
        return request

    def _follows(self, request: Request) -> bool:
        """Whether it only follows the training, and nobody asks for it: it is of another step of the same."""
        last = self._subjects.get(request.channel)
        return (
            request.channel not in OF_EVERY_STEP
            and last is not None
            and last.differs_in_step_only(request.subject)
        )

    def _wait_now(self) -> Callable[[Request], float]:
        """How many seconds each request has to wait from now on."""
        if not self._training:
            return at_once
        now = time.monotonic()
        share = max(self.share, SHARE_IN_USE) if now < self._in_use_until else self.share

        def wait(request: Request) -> float:
            # The user asks for it, or it is about another run or other images.
            asked = request.urgent or self._subjects.get(request.channel) != request.subject
            if request.channel in OF_EVERY_STEP or (asked and not self._follows(request)):
                return at_once(request)
            wait = self._share.wait(request.channel, now, share)
            return max(wait, self._led + RENEWAL_SECONDS - now) if self._outdated(request) else wait

        return wait

    def _outdated(self, request: Request) -> bool:
        """Whether it is of an earlier step than the first one of this round: it is about to be renewed."""
        if self._leader is None or request is self._leader:
            return False
        mine, first = request.subject, self._leader.subject
        return mine.runs == first.runs and (mine.step or 0) < (first.step or 0)

    def _progress_of(self, request: Request) -> Progress:
        """What a slow request calls: raises Cancelled if the window closes or the request is outdated."""

        def progress(done: float, total: float | None, what: str) -> None:  # noqa: ARG001 - the protocol's
            if not request.urgent:
                self._compute_urgent()
            with self._condition:
                if self._closed or self._queue.must_abandon(request, self._training, time.monotonic()):
                    raise Cancelled

        return progress

    def _compute_urgent(self) -> None:
        """Compute urgent requests while a slow one waits, with another module."""
        while True:
            with self._condition:
                request = self._take_due(self._wait_now(), urgent_only=True)
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
            self._queue.done(request, completed=result is not None)
            if request is self._leader:
                self._led = time.monotonic()
            if result is not None:
                self._share.computed(request.channel, worked, time.monotonic())
                self._subjects[request.channel] = request.subject
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
                self._queue.answered(request)
            progress(0.0, None, "")

    def _send(self, result: Result) -> None:
        channel = result.request.channel
        can_wait = self._training and time.monotonic() >= self._in_use_until
        message = ResultReady(channel, result)
        self._mailbox.put(message, f"result {channel}", can_wait=can_wait, leads_on=True)
