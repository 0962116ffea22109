"""When a training reports its progress and its weights: a few times a second."""

from __future__ import annotations

import time

PROGRESS_SECONDS = 0.25
SNAPSHOT_SECONDS = 0.5


class ReportClock:
    """When the next report and the next snapshot are due, and the steps per second."""

    def __init__(self, step: int) -> None:
        self.steps_per_second = 0.0
        self.next_snapshot = 0.0
        self.restart(step)

    def restart(self, step: int) -> None:
        """Count time and steps from here on (after a pause)."""
        self.last_time = time.monotonic()
        self.last_step = step

    def due(self, step: int) -> bool:
        """Whether it is time for a report; measures the speed if so."""
        now = time.monotonic()
        passed = now - self.last_time
        if passed < PROGRESS_SECONDS:
            return False
        recent = (step - self.last_step) / passed
        self.steps_per_second += (1.0 if self.steps_per_second == 0 else 0.3) * (
            recent - self.steps_per_second
        )
        self.last_time, self.last_step = now, step
        return True

    def snapshot_due(self) -> bool:
        """Whether it is time to show newer weights."""
        if self.last_time < self.next_snapshot:
            return False
        self.next_snapshot = self.last_time + SNAPSHOT_SECONDS
        return True
