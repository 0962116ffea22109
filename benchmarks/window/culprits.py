"""Where every thread is while the window's event loop is held.

A thread looks around every few milliseconds. When it comes too late itself, somebody holds the
interpreter's lock in one long call: who computed meanwhile, by the operating system's count, is who held
it, and he stands in the line of that call still or has just left it. (`faulthandler`'s own thread needs no
lock, but it was seen to crash on frames that change under it.)
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

EVERY = 0.005  # seconds between two looks
LATE = 0.015  # a look that comes so much later than it should was kept from the interpreter
_FRAMES = 7


@dataclass(frozen=True)
class Look:
    """wanted, came: `time.perf_counter`; lines: one for the window's thread and each that computed."""

    wanted: float
    came: float
    lines: tuple[str, ...]


class Sampler:
    """Looks from `start` to `stop`; what it sees is kept while a tick is overdue or it was late itself."""

    def __init__(self) -> None:
        self._looks: list[Look] = []
        self._due = float("inf")
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def watch(self, due: float) -> None:
        """The next tick is due then, by `time.perf_counter`."""
        self._due = due

    def stop(self) -> None:
        """No more looks; returns when the thread has ended."""
        self._ends.set()
        self._thread.join()

    def seen(self, began: float, ended: float) -> tuple[str, ...]:
        """What was seen in this time."""
        return tuple(
            f"{1000 * (look.came - began):.0f} ms: {line}"
            for look in self._looks
            if began <= look.came and look.wanted <= ended
            for line in look.lines
        )

    def _run(self) -> None:
        computed = _computed()
        while not self._ends.is_set():
            wanted = time.perf_counter() + EVERY
            time.sleep(EVERY)
            came = time.perf_counter()
            now = _computed()
            if came - wanted > LATE or came - self._due > LATE:
                self._looks.append(Look(wanted - EVERY, came, _lines(computed, now)))
            computed = now


def _lines(before: dict[int, float], now: dict[int, float]) -> tuple[str, ...]:
    worked = {ident: value - before.get(ident, 0.0) for ident, value in now.items()}
    main, mine = threading.main_thread().ident, threading.get_ident()
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return tuple(
        f"{'window' if ident == main else names.get(ident, 'gone')} ({worked.get(ident, 0.0):.0f} ms): "
        + _stack(frame)
        for ident, frame in sys._current_frames().items()
        if ident == main or (ident != mine and worked.get(ident, 0.0) > 1)
    )


def _stack(frame: FrameType | None) -> str:
    lines = []
    while frame is not None and len(lines) < _FRAMES:
        code = frame.f_code
        lines.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(lines)


def _computed() -> dict[int, float]:
    """Milliseconds that each Python thread has computed so far, by its ident; empty where nobody counts."""
    found: dict[int, float] = {}
    for thread in threading.enumerate():
        try:
            counts = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
            found[thread.ident or 0] = int(counts.split()[0]) / 1e6
        except (OSError, ValueError, IndexError):
            continue
    return found
