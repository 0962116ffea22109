"""The command line as it is, with the time of each step of the training in a file that outlives a kill.

`python -m benchmarks.reliability.watched TIMES train conv-vae ...`: TIMES is a file of float64, by step.
"""

from __future__ import annotations

import sys
import time

import numpy as np

STEPS = 100_000


def main() -> None:
    """Note when each step was done, then do what the command line says."""
    from aestudio.cli import main as cli
    from aestudio.training.loop import TrainingLoop

    times = np.memmap(sys.argv.pop(1), dtype=np.float64, mode="r+", shape=(STEPS,))
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None) -> None:
        first = loop.step
        real(loop, most)
        times[first + 1 : loop.step + 1] = time.monotonic()

    TrainingLoop.advance = advance  # type: ignore[method-assign]
    cli.main()


if __name__ == "__main__":
    main()
