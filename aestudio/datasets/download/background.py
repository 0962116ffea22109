"""Runs a call that may hang (a look-up, a socket) on a thread, so that its caller can be cancelled."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

Item = TypeVar("Item")
_TICK = 0.1  # seconds between two checks of the waiting side


class Background(Generic[Item]):
    """The items of an iterator that runs on its own thread, passed on as they come.

    A thread that hangs in the operating system cannot be ended, only abandoned: it is a daemon, it holds no
    lock, and its iterator is closed as soon as the thread runs again.
    """

    def __init__(self, start: Callable[[], Iterator[Item]]) -> None:
        self._start = start
        self._abandoned = threading.Event()
        self._queue: queue.Queue[tuple[str, Item | BaseException | None]] = queue.Queue(maxsize=8)
        threading.Thread(target=self._run, name="aestudio-background", daemon=True).start()

    def items(self, patience: float) -> Generator[Item | None, None, None]:
        """Every item, and None about every 0.1 s while waiting.

        Raises what the iterator raised, and TimeoutError if nothing came for `patience` seconds.
        """
        last = time.monotonic()
        try:
            while True:
                try:
                    kind, content = self._queue.get(timeout=_TICK)
                except queue.Empty:
                    if time.monotonic() - last > patience:
                        raise TimeoutError(f"no answer for {patience:.0f} s") from None
                    yield None
                    continue
                if kind == "end":
                    return
                if isinstance(content, BaseException):
                    raise content
                yield content
                last = time.monotonic()  # after the yield: our own slow disk does not count as silence
        finally:
            self._abandoned.set()

    def _run(self) -> None:
        try:
            for item in self._start():
                if not self._deliver("item", item):
                    return
            self._deliver("end", None)
        except BaseException as error:  # raised again on the waiting side
            self._deliver("error", error)

    def _deliver(self, kind: str, content: Item | BaseException | None) -> bool:
        while not self._abandoned.is_set():
            try:
                self._queue.put((kind, content), timeout=_TICK)
            except queue.Full:
                continue
            return True
        return False
