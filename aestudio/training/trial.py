"""Times a step of the current model, to choose what is fastest on this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A step below this is mostly Python and memory; trying would only cost time.
WORTH_TRYING_SECONDS = 0.008
TRIAL_STEPS = 5


def median_seconds(step: Callable[[], object], hopeless: float = float("inf")) -> float:
    """Median seconds of a step, after one that does not count.

    hopeless: with a first step at least as long, in seconds, nothing more is tried: its time is returned
    """
    began = time.perf_counter()
    step()
    first = time.perf_counter() - began
    if first >= hopeless:
        return first
    seconds: list[float] = []
    for _ in range(TRIAL_STEPS):
        began = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[TRIAL_STEPS // 2]
