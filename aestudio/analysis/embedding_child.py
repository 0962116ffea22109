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
from typing import TYPE_CHECKING

from aestudio.analysis.embedding_pipe import Message, receive, send
from aestudio.helper_processes import lower_priority

if TYPE_CHECKING:
    from typing import BinaryIO

_PROGRESS_SECONDS = 0.05


def main(idle_seconds: float) -> None:
    """Handle requests until the input is closed, or there was none for `idle_seconds`."""
    _leave_to_the_window()
    reading, writing = _own_pipes()
    requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(reading, requests), name="requests", daemon=True).start()
    with suppress(BrokenPipeError):
        _work(requests, writing, idle_seconds)
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


def _listen(reading: BinaryIO, requests: queue.SimpleQueue[Message]) -> None:
    """Read requests on a thread, which ends the process when the program ends, even during a computation."""
    while (request := receive(reading)) is not None:
        requests.put(request)
    os._exit(0)


def _work(requests: queue.SimpleQueue[Message], writing: BinaryIO, idle_seconds: float) -> None:
    with suppress(queue.Empty):
        while True:
            request = requests.get(timeout=idle_seconds)
            _handle(request, writing)


def _handle(request: Message, writing: BinaryIO) -> None:
    module = importlib.import_module(f"aestudio.analysis.embedding_{request.fields['kind']}")
    if request.type == "load":
        with suppress(Exception):  # reported when the module is needed
            module.load()
        return
    try:
        xy = module.embed(*request.arrays, request.fields["settings"], _ProgressSender(writing))
    except BrokenPipeError:
        raise
    except BaseException as error:
        send(writing, _failed(error))
        return
    send(writing, Message({"type": "done"}, (xy,)))


class _ProgressSender:
    """A `Progress` that sends the progress to the program, at most twenty times a second."""

    def __init__(self, writing: BinaryIO) -> None:
        self._writing = writing
        self._next = 0.0

    def __call__(self, done: float, total: float | None, what: str) -> None:
        now = time.monotonic()
        if now >= self._next or done == total:
            self._next = now + _PROGRESS_SECONDS
            send(self._writing, Message({"type": "progress", "progress": [done, total, what]}))


def _failed(error: BaseException) -> Message:
    problems = {ImportError: "import", MemoryError: "memory"}
    problem = next((name for kind, name in problems.items() if isinstance(error, kind)), "other")
    details = "".join(traceback.format_exception(error))
    text = f"{type(error).__name__}: {error}" if problem == "other" else str(error)
    return Message({"type": "failed", "problem": problem, "text": text, "details": details})
