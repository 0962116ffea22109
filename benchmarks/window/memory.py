"""How much memory the program holds while it trains with every view in use, and how that grows.

A process of its own (`python -m benchmarks.window.memory MINUTES`), so that it starts with nothing; prints
one line of JSON, bytes resident: {"idle": n, "visited": n, "samples": [[seconds, n], ...], "torch": build}.
idle: torch and MNIST loaded; visited: `conv-vae` has trained and every view was shown; samples: afterwards,
while the training goes on and the views are shown in turn.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.recipes.library import find_recipe
from benchmarks.window.stage import open_presentation, start_training, turn

if TYPE_CHECKING:
    from aestudio.gui.window.main_window import MainWindow

RECIPE = "conv-vae"
ENDLESS = 10_000  # epochs
VIEW_SECONDS = 8.0


def resident() -> int | None:
    """Bytes of this process that lie in memory now; None where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def visit_views(window: MainWindow) -> list[int]:
    """Show each view for some seconds; what was resident at the end of each."""
    held = []
    for name in window.views:
        window.show_view(name)
        turn(VIEW_SECONDS)
        held.append(resident() or 0)
    return held


def main(minutes: float) -> None:
    """Train, visit every view twice, then go on for so many minutes."""
    if resident() is None:
        print(json.dumps({"unknown": f"not measured on {sys.platform}"}))
        return
    with open_presentation() as window:
        turn(VIEW_SECONDS)
        idle = resident()
        start_training(window, find_recipe(RECIPE).with_settings({"epochs": ENDLESS}))
        visited = max(visit_views(window) + visit_views(window))
        began, samples = time.monotonic(), []
        while time.monotonic() - began < 60 * minutes:
            held = visit_views(window)
            samples += [(round(time.monotonic() - began, 1), value) for value in held]
            print(samples[-1], file=sys.stderr, flush=True)
        import torch

        told = {"idle": idle, "visited": visited, "samples": samples, "torch": torch.__version__}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)
