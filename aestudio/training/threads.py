"""How many CPU threads one operation uses, measured on the model itself.

Small models are slower on two threads than on one, convolutions and large batches faster, and beside a
window a core must stay free (measured: if anything else runs on it, a second thread costs up to fifteen times
more than it gains). The rounding of sums depends on the number of threads, so the
number is kept with the run and used again if there are enough cores; AESTUDIO_THREADS overrides it.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ENVIRONMENT = "AESTUDIO_THREADS"
MOST_THREADS = 8
MOST_ALLOWED = 1024
# A step below this is mostly Python and memory; trying would only cost time.
WORTH_TRYING_SECONDS = 0.008
# More threads must be this much faster: other programs need the cores as well.
GAIN = 1.25
TRIAL_STEPS = 5


def use_threads(count: int = 1) -> None:
    """Threads of one operation on the CPU, for the calling thread."""
    torch.set_num_threads(count)


@contextmanager
def temporary_threads(count: int | None = None) -> Generator[None]:
    """Use this many threads inside (None: no change); afterwards the caller's number is restored."""
    before = torch.get_num_threads()
    try:
        if count is not None:
            use_threads(count)
        yield
    finally:
        use_threads(before)


def choose_threads(step: Callable[[], object], spare: int = 0, previous: int | None = None) -> int:
    """The number of threads to train with, tried on `step`, which must not change the run.

    spare: cores to leave free; previous: the number that the run was trained with so far, None for a new one
    Raises BadChoice if AESTUDIO_THREADS is no number from 1 to 1024.
    """
    requested = os.environ.get(ENVIRONMENT, "")
    if requested:
        if not requested.isdecimal() or not 1 <= int(requested) <= MOST_ALLOWED:
            raise BadChoice(ENVIRONMENT, requested, f"1 to {MOST_ALLOWED}")
        return int(requested)
    most = min(_cores() - spare, MOST_THREADS)
    if most < 2:
        return 1
    if previous is not None:
        return max(1, min(previous, most))
    best, fastest = 1, _seconds(step, 1)
    if fastest < WORTH_TRYING_SECONDS:
        return 1
    count = 2
    while count <= most:
        seconds = _seconds(step, count)
        if seconds * GAIN > fastest:
            break
        best, fastest = count, seconds
        count *= 2
    return best


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _seconds(step: Callable[[], object], threads: int) -> float:
    """Median seconds of a step with this many threads."""
    use_threads(threads)
    step()
    seconds: list[float] = []
    for _ in range(TRIAL_STEPS):
        began = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - began)
    use_threads(1)
    return sorted(seconds)[TRIAL_STEPS // 2]
