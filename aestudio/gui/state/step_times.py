"""When the window got which step of a training, so that a part that is behind can say how old it is.

Without Qt, torch and a clock: the store gives the time.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

MOST = 512
"""Steps that are remembered of each run: four minutes at two snapshots a second."""


@dataclass(frozen=True, eq=False)
class StepTimes:
    """Steps of one run, ascending, and when the window got each, by `time.monotonic()`."""

    steps: tuple[int, ...] = ()
    times: tuple[float, ...] = ()

    def at(self, step: int, now: float) -> StepTimes:
        """With this step, at which the run is now; steps from it on are repeated, and forgotten."""
        if self.steps and self.steps[-1] == step:
            return self
        known = bisect_left(self.steps, step)
        first = max(0, known + 1 - MOST)
        return StepTimes((*self.steps[first:known], step), (*self.times[first:known], now))

    def of(self, step: int) -> float | None:
        """When the window got this step; None if it is not known."""
        place = bisect_left(self.steps, step)
        return self.times[place] if place < len(self.steps) and self.steps[place] == step else None
