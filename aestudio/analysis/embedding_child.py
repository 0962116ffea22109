"""The process that computes layouts: what it does from its first line to its end.

`aestudio.analysis.embedding_process` starts it, and gives the reasons.
It reads orders from its standard input
and answers on its standard output. It ends when its input is closed, which the system does when the program
ends, however that happens; and when nothing was asked for a while.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import sys
import threading
import time
import traceback
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.analysis.embedding_pipe import Message, receive, send

if TYPE_CHECKING:
    from typing import BinaryIO

# Of 0 to 19; the window's threads that compute have the same (gui/jobs/giving_way.py).
_NICE = 10
_PROGRESS_SECONDS = 0.05


def main(idle_seconds: float) -> None:
    """Answer orders until nobody can send any, or none came for so many seconds."""
    _give_way()
    reading, writing = _own_pipes()
    orders: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(reading, orders), name="orders", daemon=True).start()
    with suppress(BrokenPipeError):
        _work(orders, writing, idle_seconds)
        send(writing, Message({"what": "rested"}))  # an order may be on its way
    os._exit(0)  # a thread is waiting for orders, which the interpreter would not end without


def _give_way() -> None:
    """Leave the cores to the window; Ctrl+C in its terminal is the window's business, not this process's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # umap-learn tells of TensorFlow, which nothing here needs
    if sys.platform != "win32":  # there the program starts it with a lower priority
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Input and output, where no print of a library can get between: what is printed goes to the errors."""
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return reading, writing


def _listen(reading: BinaryIO, orders: queue.SimpleQueue[Message]) -> None:
    """On a thread of its own, so that the end of the program is heard in the middle of a layout."""
    while (order := receive(reading)) is not None:
        orders.put(order)
    os._exit(0)


def _work(orders: queue.SimpleQueue[Message], writing: BinaryIO, idle_seconds: float) -> None:
    with suppress(queue.Empty):
        while True:
            order = orders.get(timeout=idle_seconds)
            _follow(order, writing)


def _follow(order: Message, writing: BinaryIO) -> None:
    layout = importlib.import_module(f"aestudio.analysis.embedding_{order.words['kind']}")
    if order.what == "load":
        with suppress(Exception):  # told when it is needed
            layout.load()
        return
    try:
        places = layout.embed(*order.arrays, order.words["settings"], _Teller(writing))
    except BrokenPipeError:
        raise
    except BaseException as error:
        send(writing, _failed(error))
        return
    send(writing, Message({"what": "done"}, (places,)))


class _Teller:
    """A `Progress` that tells the program how far the layout is, several times a second."""

    def __init__(self, writing: BinaryIO) -> None:
        self._writing = writing
        self._next = 0.0

    def __call__(self, done: float, total: float | None, what: str) -> None:
        now = time.monotonic()
        if now >= self._next or done == total:
            self._next = now + _PROGRESS_SECONDS
            send(self._writing, Message({"what": "progress", "progress": [done, total, what]}))


def _failed(error: BaseException) -> Message:
    words = {ImportError: "import", MemoryError: "memory"}
    found = next((word for kind, word in words.items() if isinstance(error, kind)), "other")
    details = "".join(traceback.format_exception(error))
    text = f"{type(error).__name__}: {error}" if found == "other" else str(error)
    return Message({"what": "failed", "problem": found, "text": text, "details": details})
