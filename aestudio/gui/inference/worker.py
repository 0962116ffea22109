"""The thread that answers questions about a snapshot: of each channel only the newest question counts.

Questions that a hand waits for (a drawing, a dragged plane) are answered first, also in the middle of a
slow answer, whenever that tells how far it is. While a training runs, the thread rests after each answer
that nobody waits for, so that pictures never cost the training more than a share of a core.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from aestudio.errors import Cancelled
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.request_queue import RequestQueue
from aestudio.gui.state.studio_state import Result
from aestudio.gui.workers.error_report import as_problem
from aestudio.gui.workers.messages import RequestAnswered
from aestudio.gui.workers.thread_priority import lower_thread_priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.subject import Subject
    from aestudio.gui.workers.mailbox import Mailbox
    from aestudio.progress import Progress

# While a training runs: seconds of rest per second of work that nobody waits for.
REST = 4.0
LONGEST_REST = 5.0


class InferenceWorker:
    """One thread with a place for one question per channel."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._condition = threading.Condition()
        self._queue = RequestQueue()
        self._closed = False
        self._training = False
        self._rest_until = 0.0
        self._cache: InferenceCache | None = None  # made on its own thread
        self._hurried: InferenceCache | None = None
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self._thread.start()

    @property
    def training(self) -> bool:
        """Whether a training runs beside it, which must not be slowed down."""
        return self._training

    @training.setter
    def training(self, training: bool) -> None:
        with self._condition:
            self._training = training
            self._condition.notify()  # what waits need not wait any longer

    def ask(self, request: Request) -> None:
        """Put a question; one of the same channel that was not begun is forgotten."""
        with self._condition:
            self._queue.put(request)
            self._condition.notify()

    def keep(self, wanted: Callable[[Subject], bool]) -> None:
        """Withdraw every question about something else, also the one that is being answered."""
        with self._condition:
            self._queue.keep(wanted)

    def close(self) -> None:
        """Let the thread end after the question at hand."""
        with self._condition:
            self._closed = True
            self._queue.clear()
            self._condition.notify()

    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def _take(self) -> Request | None:
        """The next question, when it is its time; None to end."""
        with self._condition:
            while not self._closed:
                rest = self._rest_until - time.monotonic()
                if self._queue.has_urgent() or (self._queue and (rest <= 0 or not self._training)):
                    return self._queue.take()
                self._condition.wait(timeout=max(rest, 0.0) if self._queue else None)
            return None

    def _progress_of(self, request: Request) -> Progress:
        """What a slow answer calls: it gives way when the window closes or the question is out of date."""

        def progress(done: float, total: float | None, what: str) -> None:  # noqa: ARG001 - the protocol's
            if not request.urgent:
                self._answer_urgent()
            with self._condition:
                if self._closed or self._queue.gives_way(request, self._training):
                    raise Cancelled

        return progress

    def _answer_urgent(self) -> None:
        """Answer what a hand waits for, beside the slow answer at work: with another module."""
        while True:
            with self._condition:
                request = self._queue.take(urgent_only=True)
            if request is None:
                return
            if self._hurried is None:
                self._hurried = InferenceCache(self._cache)
            self._answer(request, self._hurried)

    def _run(self) -> None:
        lower_thread_priority()
        cache = self._cache = InferenceCache()
        while (request := self._take()) is not None:
            began = time.thread_time()
            answered = self._answer(request, cache)
            if answered and not request.urgent:
                # Of work on a core: on a busy machine an answer takes longer, but costs the training no more.
                worked = time.thread_time() - began
                self._rest_until = time.monotonic() + min(LONGEST_REST, REST * worked)

    def _answer(self, request: Request, cache: InferenceCache) -> bool:
        """Answer a question; False where it was given up."""
        try:
            result = Result(request, value=self._answered(request, cache))
        except Cancelled:
            result = None
        except Exception as error:
            result = Result(request, problem=as_problem(error, f"answering “{request.channel}”"))
        with self._condition:
            self._queue.done(request, answered=result is not None)
        if result is not None:
            self._tell(result)
        return result is not None

    def _answered(self, request: Request, cache: InferenceCache) -> Any:
        """The value; coarser ones are told of on the way."""
        progress = self._progress_of(request)
        found = request.compute(cache, progress)
        if not isinstance(found, Generator):
            return found
        while True:
            try:
                value = next(found)
            except StopIteration as end:
                return end.value
            self._tell(Result(request, value=value, more=True))
            progress(0.0, None, "")

    def _tell(self, result: Result) -> None:
        channel = result.request.channel
        self._mailbox.put(RequestAnswered(channel, result), replaces=f"answer {channel}")
