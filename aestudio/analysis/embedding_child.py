"""The program of the embedding process, which `aestudio.analysis.embedding_process` starts.

It reads requests from its standard input and writes replies to its standard output. It ends when its input
is closed, which the system does when the program ends for any reason, and when it was idle for a while.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import threading
import time
import traceback
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.embedding_pipe import Message, receive, send
from aestudio.analysis.embedding_plan import Orders, perturbation
from aestudio.helper_processes import lower_priority

if TYPE_CHECKING:
    from typing import BinaryIO

    from numpy.typing import NDArray

_PROGRESS_SECONDS, _LAYOUT_SECONDS = 0.05, 0.2


def main(idle_seconds: float) -> None:
    """Handle requests until the input is closed, or there was none for `idle_seconds`."""
    _leave_to_the_window()
    reading, writing = _own_pipes()
    requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
    told = _Told()
    threading.Thread(target=_listen, args=(reading, requests, told), name="requests", daemon=True).start()
    with suppress(BrokenPipeError):
        _work(requests, writing, told, idle_seconds)
        send(writing, Message({"type": "idle"}))  # a request may be on its way
    os._exit(0)  # the interpreter would wait for the thread that reads requests


def _leave_to_the_window() -> None:
    """Leave it the cores, and Ctrl+C in its terminal; what libraries warn of is of no use to the user."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # umap-learn warns that TensorFlow is missing, which is not needed here
    lower_priority()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Duplicates of input and output; afterwards a library's prints go to the standard error output."""
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return reading, writing


def _listen(reading: BinaryIO, requests: queue.SimpleQueue[Message], told: _Told) -> None:
    """Read requests on a thread, which ends the process when the program ends, even during a computation."""
    while (request := receive(reading)) is not None:
        if request.type == "order":
            told.take(Orders(**request.fields["orders"]))
        else:
            requests.put(request)
    os._exit(0)


def _work(requests: queue.SimpleQueue[Message], writing: BinaryIO, told: _Told, idle_seconds: float) -> None:
    with suppress(queue.Empty):
        while True:
            request = requests.get(timeout=idle_seconds)
            _handle(request, writing, told)


def _handle(request: Message, writing: BinaryIO, told: _Told) -> None:
    fields = request.fields
    module = importlib.import_module(f"aestudio.analysis.embedding_{fields['kind']}")
    if request.type == "load":
        with suppress(Exception):  # reported when the module is needed
            module.load()
        return
    told.begin(Orders(**fields["orders"]))
    steps = _ReportedSteps(writing, told, fields["title"], fields["settings"]["seed"])
    try:
        xy = module.embed(*request.arrays, fields["settings"], steps)
    except BrokenPipeError:
        raise
    except BaseException as error:
        send(writing, _failed(error))
        return
    send(writing, Message({"type": "done"}, (xy,)))


class _Told:
    """The newest orders; they may come in another order than they were given in."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._orders = Orders()

    def begin(self, orders: Orders) -> None:
        """Forget those of the embedding before."""
        with self._changed:
            self._orders = orders

    def take(self, orders: Orders) -> None:
        """Remember them, unless newer ones are known."""
        with self._changed:
            if orders.number > self._orders.number:
                self._orders = orders
                self._changed.notify_all()

    @property
    def newest(self) -> Orders:
        with self._changed:
            return self._orders

    def wait_for_others(self, known: Orders) -> None:
        """Wait until there are other orders than these."""
        with self._changed:
            self._changed.wait_for(lambda: self._orders is not known)


class _ReportedSteps:
    """`Steps` that sends progress and positions to the program, each at its pace, and follows its orders."""

    def __init__(self, writing: BinaryIO, told: _Told, title: str, seed: int) -> None:
        self._writing, self._told = writing, told
        self._title, self._seed = title, seed
        self._perturbations = told.newest.perturbations
        self._next_progress = self._next_layout = 0.0

    def __call__(self, done: int, total: int, xy: NDArray[Any]) -> bool:
        now, shown = time.monotonic(), done in (0, total)
        if shown or now >= self._next_layout:
            self._send(done, total, xy)
        elif now >= self._next_progress:
            self._send(done, total)
        while True:
            orders = self._told.newest
            if self._perturb(orders, xy) or ((orders.paused or orders.stopped) and not shown):
                shown = True
                self._send(done, total, xy)
            if orders.stopped or not orders.paused:
                return orders.stopped
            self._told.wait_for_others(orders)

    def _perturb(self, orders: Orders, xy: NDArray[Any]) -> bool:
        """Add the noise of the perturbations that were ordered; whether there were any."""
        ordered = range(self._perturbations + 1, orders.perturbations + 1)
        for number in ordered:
            xy += perturbation(xy, self._seed, number).astype(xy.dtype)
        self._perturbations = orders.perturbations
        return bool(ordered)

    def _send(self, done: int, total: int, xy: NDArray[Any] | None = None) -> None:
        now = time.monotonic()
        self._next_progress = now + _PROGRESS_SECONDS
        arrays: tuple[NDArray[Any], ...] = ()
        if xy is not None:
            self._next_layout = now + _LAYOUT_SECONDS
            arrays = (np.array(xy, np.float32),)
        send(self._writing, Message({"type": "progress", "progress": [done, total, self._title]}, arrays))


def _failed(error: BaseException) -> Message:
    problems = {ImportError: "import", MemoryError: "memory"}
    problem = next((name for kind, name in problems.items() if isinstance(error, kind)), "other")
    details = "".join(traceback.format_exception(error))
    text = f"{type(error).__name__}: {error}" if problem == "other" else str(error)
    return Message({"type": "failed", "problem": problem, "text": text, "details": details})
