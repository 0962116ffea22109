"""Holds of the window's thread while a monkey is at work, with what was being done."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from benchmarks.window.culprits import Sampler
from benchmarks.window.lateness import spent

if TYPE_CHECKING:
    from collections.abc import Callable

TICK = 0.02  # seconds
LOCKED_FOR_LONG = 1000.0  # milliseconds of waiting for a lock, which no busy machine explains
_LINES = 4


@dataclass(frozen=True)
class Held:
    """late: milliseconds by the clock; window: computed meanwhile; no_core: waited for one; doing: what."""

    late: float
    window: float
    no_core: float
    doing: str

    @property
    def own(self) -> float:
        """Milliseconds that the window itself took: what a faster or an idle machine would not give back."""
        locked = self.late - self.window - self.no_core
        return locked if locked > LOCKED_FOR_LONG else self.window

    def __str__(self) -> str:
        parts = f"computing {self.window:.0f}, waiting for a core {self.no_core:.0f}"
        return f"{self.late:.0f} ms ({parts}): {self.doing}"


class Holds(QObject):
    """Ticks on the thread that made it. A hold is longer than `least` milliseconds by the clock.

    done:      which acts came since the last tick
    complain:  is told of a hold that is the window's own doing, with where its thread was
    """

    def __init__(self, least: float, done: Callable[[], str], complain: Callable[[str], None]) -> None:
        super().__init__()
        self._least, self._done, self._complain = least, done, complain
        self.found: list[Held] = []
        self._sampler = Sampler()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last, self._spent = 0.0, (0.0, 0.0)

    def start(self) -> None:
        """From now on."""
        self._last, self._spent = time.perf_counter(), spent()
        self._sampler.start()
        self._sampler.watch(self._last + TICK)
        self._timer.start(round(1000 * TICK))

    def stop(self) -> None:
        """No more ticks."""
        self._timer.stop()
        self._sampler.stop()

    @Slot()
    def _tick(self) -> None:
        now, used = time.perf_counter(), spent()
        late = 1000 * (now - self._last - TICK)
        if late > self._least:
            window, no_core = (new - old for new, old in zip(used, self._spent, strict=True))
            held = Held(late, window, no_core, self._done())
            self.found.append(held)
            if held.own > self._least:
                seen = [line for line in self._sampler.seen(self._last, now) if "window (" in line]
                some = seen[:: max(1, len(seen) // _LINES)][:_LINES]
                self._complain("\n    ".join((f"the window was held for {held}", *some)))
        self._last, self._spent = now, used
        self._sampler.watch(now + TICK)

    def table(self) -> list[str]:
        """For each kind of act the number of holds, the longest, and the most that the window computed."""
        kinds: defaultdict[str, list[Held]] = defaultdict(list)
        for held in self.found:
            kinds[held.doing.rpartition("event ")[2].partition(": ")[2].partition(" ")[0]].append(held)
        lines = [
            f"{kind:16} {len(holds):4} holds, longest {max(held.late for held in holds):6.0f} ms, "
            f"most computed {max(held.window for held in holds):6.0f} ms"
            for kind, holds in kinds.items()
        ]
        return sorted(lines)
