"""How late the window's event loop is: the ticks of a 60 Hz timer against the times at which they were due.

A tick is due every 1/60 s whatever happened to the one before, so that a loop that is held for 120 ms
makes seven ticks late, by 120, 103, 87 ... ms, and not one (a timer alone drops the ticks that it missed).
For each hold the operating system is asked where the time of the window's thread went: computing, waiting
for a core, or waiting for a lock (the interpreter's, nearly always).
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

    from benchmarks.window.culprits import Sampler

HERTZ = 60
PERIOD = 1 / HERTZ
HOLD = 33.0  # milliseconds: what holds a tick up for longer is looked into


@dataclass(frozen=True)
class Hold:
    """A time in which the event loop did not turn although a tick was due; all in milliseconds.

    began:   since the recorder was started
    late:    of the first tick that had to wait
    window:  the window's thread was computing, or painting
    no_core: it could have run, but every core was taken
    locked:  it slept: another thread held the interpreter's lock, or something else that it needs
    seen:    where the threads were when they were looked at, the innermost first; () without a sampler
    """

    began: float
    late: float
    window: float
    no_core: float
    locked: float
    seen: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = f"window {self.window:.0f}, no core {self.no_core:.0f}, locked {self.locked:.0f}"
        head = f"{self.late:.0f} ms late at {self.began / 1000:.2f} s ({parts})"
        return "\n    ".join((head, *self.seen))


@dataclass(frozen=True, eq=False)
class Lateness:
    """What was recorded. milliseconds: float64 (ticks,), how late each was; holds: those over HOLD."""

    milliseconds: NDArray[np.float64]
    holds: tuple[Hold, ...]

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
    """Ticks on the thread that made it, whose event loop is the one that is measured."""

    def __init__(self, sampler: Sampler | None = None) -> None:
        """sampler: looks at all threads beside it, which takes a few per cent of a core"""
        super().__init__()
        self._sampler = sampler
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._late: list[float] = []
        self._holds: list[Hold] = []
        self._began = 0.0
        self._spent = (0.0, 0.0)
        self._due = 1

    def start(self) -> None:
        """The first tick is due one period from now."""
        self._began = time.perf_counter()
        self._spent = spent()
        self._due = 1
        if self._sampler is not None:
            self._sampler.start()
        self._wait(self._began)

    def stop(self) -> Lateness:
        """A tick that is overdue now counts with what it has waited so far."""
        self._timer.stop()
        self._count(time.perf_counter())
        if self._sampler is not None:
            self._sampler.stop()
        return Lateness(np.array(self._late), tuple(self._with_seen(hold) for hold in self._holds))

    def _with_seen(self, hold: Hold) -> Hold:
        if self._sampler is None:
            return hold
        began = self._began + hold.began / 1000
        return replace(hold, seen=self._sampler.seen(began, began + hold.late / 1000))

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self._count(now)
        self._wait(now)

    def _wait(self, now: float) -> None:
        due = self._began + self._due * PERIOD
        if self._sampler is not None:
            self._sampler.watch(due)
        # Rounded up, as a timer that comes early would count nothing and be set again.
        self._timer.start(max(0, math.ceil(1000 * (due - now))))

    def _count(self, now: float) -> None:
        """Every tick that was due until now is this late."""
        since = 1000 * (now - self._began)
        used = spent()
        first = since - 1000 * self._due * PERIOD
        while (late := since - 1000 * self._due * PERIOD) >= 0:
            self._late.append(late)
            self._due += 1
        if first > HOLD:
            self._holds.append(self._hold(since, first, used))
        self._spent = used

    def _hold(self, since: float, late: float, used: tuple[float, float]) -> Hold:
        window, no_core = (new - old for new, old in zip(used, self._spent, strict=True))
        locked = max(0.0, late - window - no_core)
        return Hold(since - late, late, window, no_core, locked)


@contextmanager
def recorded(sampler: Sampler | None = None) -> Iterator[list[Lateness]]:
    """Records while the block turns the event loop; the list holds the result when it is left."""
    recorder, result = Recorder(sampler), []
    recorder.start()
    try:
        yield result
    finally:
        result.append(recorder.stop())
        recorder.deleteLater()


def spent() -> tuple[float, float]:
    """Milliseconds that this thread computed, and that it waited for a core (0 where nobody counts)."""
    computed = 1000 * time.thread_time()
    try:
        counts = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
        return computed, int(counts.split()[1]) / 1e6
    except (OSError, ValueError, IndexError):
        return computed, 0.0
