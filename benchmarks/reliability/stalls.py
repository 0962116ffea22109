"""Stalls of the window's thread during random input, with the action that caused them."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from benchmarks.window.lateness import thread_times
from benchmarks.window.thread_sampler import ThreadSampler

if TYPE_CHECKING:
    from collections.abc import Callable

TICK = 0.02  # seconds
LONG_LOCK = 1000.0  # milliseconds of waiting for a lock that other programs cannot cause
_LINES = 4


@dataclass(frozen=True)
class Stall:
    """Milliseconds. late: by the clock; window: it computed; no_core: it waited for a core

    doing: the last actions
    """

    late: float
    window: float
    no_core: float
    doing: str

    @property
    def own(self) -> float:
        """Milliseconds that the window itself caused, without the load of other programs."""
        locked = self.late - self.window - self.no_core
        return locked if locked > LONG_LOCK else self.window

    def __str__(self) -> str:
        parts = f"computing {self.window:.0f}, waiting for a core {self.no_core:.0f}"
        return f"{self.late:.0f} ms ({parts}): {self.doing}"


class StallRecorder(QObject):
    """Measures the thread that creates it. A stall is longer than `least` milliseconds by the clock.

    doing:  describes the actions since the last tick
    report: called with a description, and stacks, of each stall that the window itself caused
    """

    def __init__(self, least: float, doing: Callable[[], str], report: Callable[[str], None]) -> None:
        super().__init__()
        self._least, self._doing, self._report = least, doing, report
        self.stalls: list[Stall] = []
        self._sampler = ThreadSampler()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last, self._times = 0.0, (0.0, 0.0)

    def start(self) -> None:
        """Start to record."""
        self._last, self._times = time.perf_counter(), thread_times()
        self._sampler.start()
        self._sampler.watch(self._last + TICK)
        self._timer.start(round(1000 * TICK))

    def stop(self) -> None:
        """Stop to record."""
        self._timer.stop()
        self._sampler.stop()

    @Slot()
    def _tick(self) -> None:
        now, used = time.perf_counter(), thread_times()
        late = 1000 * (now - self._last - TICK)
        if late > self._least:
            window, no_core = (new - old for new, old in zip(used, self._times, strict=True))
            stall = Stall(late, window, no_core, self._doing())
            self.stalls.append(stall)
            if stall.own > self._least:
                stacks = self._sampler.stacks_between(self._last, now)
                lines = [line for line in stacks if "window (" in line]
                some = lines[:: max(1, len(lines) // _LINES)][:_LINES]
                self._report("\n    ".join((f"the window was blocked for {stall}", *some)))
        self._last, self._times = now, used
        self._sampler.watch(now + TICK)

    def table(self) -> list[str]:
        """For each kind of action: the number of stalls, the longest, and the longest time of computing."""
        kinds: defaultdict[str, list[Stall]] = defaultdict(list)
        for stall in self.stalls:
            kinds[stall.doing.rpartition("event ")[2].partition(": ")[2].partition(" ")[0]].append(stall)
        lines = [
            f"{kind:16} {len(stalls):4} stalls, longest {max(stall.late for stall in stalls):6.0f} ms, "
            f"most computed {max(stall.window for stall in stalls):6.0f} ms"
            for kind, stalls in kinds.items()
        ]
        return sorted(lines)
