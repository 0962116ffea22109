"""How late the window's event loop is: the ticks of a 60 Hz timer against the times at which they were due.

A tick is due every 1/60 s whatever happened to the one before, so that a loop that is blocked for 120 ms
makes seven ticks late, by 120, 103, 87 ... ms, and not one (a timer alone drops the ticks that it missed).
For each stall the operating system reports where the time of the window's thread went: computing, waiting
for a core, or waiting for a lock (nearly always the interpreter's).
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks.window.thread_sampler import ThreadSampler

HERTZ = 60
PERIOD = 1 / HERTZ
STALL = 33.0  # milliseconds: if a tick is later than this, the cause is recorded


@dataclass(frozen=True)
class Stall:
    """A time in which the event loop did not run although a tick was due; all times in milliseconds.

    began:   since the recorder was started
    late:    how late the first tick was
    window:  the window's thread was computing or painting
    no_core: it could have run, but all cores were busy
    locked:  it slept: another thread held the interpreter's lock, or another lock that it needs
    stacks:  of the threads meanwhile, the innermost frame first; () without a sampler
    """

    began: float
    late: float
    window: float
    no_core: float
    locked: float
    stacks: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = f"window {self.window:.0f}, no core {self.no_core:.0f}, locked {self.locked:.0f}"
        head = f"{self.late:.0f} ms late at {self.began / 1000:.2f} s ({parts})"
        return "\n    ".join((head, *self.stacks))


@dataclass(frozen=True, eq=False)
class Lateness:
    """The record. milliseconds: float64 (ticks,), how late each tick was; stalls: those longer than STALL."""

    milliseconds: NDArray[np.float64]
    stalls: tuple[Stall, ...]

    @property
    def median(self) -> float:
        """In milliseconds."""
        return self._quantile(50)

    @property
    def p99(self) -> float:
        """In milliseconds."""
        return self._quantile(99)

    @property
    def longest(self) -> float:
        """In milliseconds."""
        return self._quantile(100)

    def _quantile(self, percent: float) -> float:
        return float(np.percentile(self.milliseconds, percent)) if len(self.milliseconds) else 0.0

    def __str__(self) -> str:
        return (
            f"{len(self.milliseconds)} ticks, late by {self.median:.1f} ms (median), "
            f"{self.p99:.1f} (99th percentile), {self.longest:.1f} (most)"
        )


class Recorder(QObject):
    """Measures the event loop of the thread that creates it."""

    def __init__(self, sampler: ThreadSampler | None = None) -> None:
        """sampler: samples the stacks of all threads, which takes a few per cent of a core"""
        super().__init__()
        self._sampler = sampler
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._late: list[float] = []
        self._stalls: list[Stall] = []
        self._began = 0.0
        self._times = (0.0, 0.0)
        self._due = 1

    def start(self) -> None:
        """Start; the first tick is due one period from now."""
        self._began = time.perf_counter()
        self._times = thread_times()
        self._due = 1
        if self._sampler is not None:
            self._sampler.start()
        self._wait(self._began)

    def stop(self) -> Lateness:
        """Stop and return the record; a tick that is overdue counts with its lateness so far."""
        self._timer.stop()
        self._count(time.perf_counter())
        if self._sampler is not None:
            self._sampler.stop()
        return Lateness(np.array(self._late), tuple(self._with_stacks(stall) for stall in self._stalls))

    def _with_stacks(self, stall: Stall) -> Stall:
        if self._sampler is None:
            return stall
        began = self._began + stall.began / 1000
        return replace(stall, stacks=self._sampler.stacks_between(began, began + stall.late / 1000))

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self._count(now)
        self._wait(now)

    def _wait(self, now: float) -> None:
        due = self._began + self._due * PERIOD
        if self._sampler is not None:
            self._sampler.watch(due)
        # Rounded up: a timer that fires early would count nothing and be started again.
        self._timer.start(max(0, math.ceil(1000 * (due - now))))

    def _count(self, now: float) -> None:
        """Record the lateness of every tick that was due until now."""
        since = 1000 * (now - self._began)
        used = thread_times()
        first = since - 1000 * self._due * PERIOD
        while (late := since - 1000 * self._due * PERIOD) >= 0:
            self._late.append(late)
            self._due += 1
        if first > STALL:
            self._stalls.append(self._stall(since, first, used))
        self._times = used

    def _stall(self, since: float, late: float, used: tuple[float, float]) -> Stall:
        window, no_core = (new - old for new, old in zip(used, self._times, strict=True))
        locked = max(0.0, late - window - no_core)
        return Stall(since - late, late, window, no_core, locked)


@contextmanager
def record_lateness(sampler: ThreadSampler | None = None) -> Iterator[list[Lateness]]:
    """Record while the block runs the event loop; after the block the list holds the result."""
    recorder, result = Recorder(sampler), []
    recorder.start()
    try:
        yield result
    finally:
        result.append(recorder.stop())
        recorder.deleteLater()


def thread_times() -> tuple[float, float]:
    """Milliseconds that this thread computed and waited for a core (0 if the system does not report it)."""
    computed = 1000 * time.thread_time()
    try:
        counts = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
        return computed, int(counts.split()[1]) / 1e6
    except (OSError, ValueError, IndexError):
        return computed, 0.0
