"""The command line, with the time of each training step in a file that survives a kill.

`python -m benchmarks.reliability.timed_training TIMES train conv-vae ...`; TIMES is a file of float64
(100000,), seconds of the monotonic clock by step.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

STEPS = 100_000


def record_times(path: Path) -> None:
    """Record when each step of this process was done."""
    from aestudio.training.loop import TrainingLoop

    times = np.memmap(path, dtype=np.float64, mode="r+", shape=(STEPS,))
    original = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        first = loop.step
        original(loop, most, phase)
        times[first + 1 : loop.step + 1] = time.monotonic()

    TrainingLoop.advance = advance  # type: ignore[method-assign]


def main() -> None:
    """Record when each step was done, and run the command line."""
    from aestudio.cli import main as cli

    record_times(Path(sys.argv.pop(1)))
    cli.main()


if __name__ == "__main__":
    main()
