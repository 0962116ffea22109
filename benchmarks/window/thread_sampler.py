"""Samples the stack of every thread while the window's event loop is blocked.

A thread takes a sample every few milliseconds. If a sample is late itself, another thread held the
interpreter's lock during one long call. The operating system's CPU times tell which thread computed
meanwhile; that thread is still in the call, or has just left it. (`faulthandler`'s own thread needs no lock,
but it crashed on frames that change while it reads them.)
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

INTERVAL = 0.005  # seconds between two samples
LATE = 0.015  # seconds: a sample that is later than this was kept from the interpreter
_FRAMES = 7


@dataclass(frozen=True)
class Sample:
    """due, taken: `time.perf_counter`; lines: the stacks of the window's thread and of busy threads."""

    due: float
    taken: float
    lines: tuple[str, ...]


class ThreadSampler:
    """Samples from `start` to `stop`; keeps the samples that were late, or taken while a tick was overdue."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._tick_due = float("inf")
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Start the sampling thread."""
        self._thread.start()

    def watch(self, due: float) -> None:
        """Set when the next tick is due, by `time.perf_counter`."""
        self._tick_due = due

    def stop(self) -> None:
        """Stop the sampling thread and wait until it has ended."""
        self._stopped.set()
        self._thread.join()

    def stacks_between(self, began: float, ended: float) -> tuple[str, ...]:
        """The stacks sampled between two times of `time.perf_counter`, one line each."""
        return tuple(
            f"{1000 * (sample.taken - began):.0f} ms: {line}"
            for sample in self._samples
            if began <= sample.taken and sample.due <= ended
            for line in sample.lines
        )

    def _run(self) -> None:
        before = _cpu_times()
        while not self._stopped.is_set():
            due = time.perf_counter() + INTERVAL
            time.sleep(INTERVAL)
            taken = time.perf_counter()
            now = _cpu_times()
            if taken - due > LATE or taken - self._tick_due > LATE:
                self._samples.append(Sample(due - INTERVAL, taken, _lines(before, now)))
            before = now


def _lines(before: dict[int, float], now: dict[int, float]) -> tuple[str, ...]:
    worked = {ident: value - before.get(ident, 0.0) for ident, value in now.items()}
    main, own = threading.main_thread().ident, threading.get_ident()
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return tuple(
        f"{'window' if ident == main else names.get(ident, 'gone')} ({worked.get(ident, 0.0):.0f} ms): "
        + _stack(frame)
        for ident, frame in sys._current_frames().items()
        if ident == main or (ident != own and worked.get(ident, 0.0) > 1)
    )


def _stack(frame: FrameType | None) -> str:
    lines = []
    while frame is not None and len(lines) < _FRAMES:
        code = frame.f_code
        lines.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(lines)


def _cpu_times() -> dict[int, float]:
    """CPU time of each Python thread in milliseconds, by ident; empty if the system does not report it."""
    times: dict[int, float] = {}
    for thread in threading.enumerate():
        try:
            counts = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
            times[thread.ident or 0] = int(counts.split()[0]) / 1e6
        except (OSError, ValueError, IndexError):
            continue
    return times
