"""Resident memory of the program while it trains and every view is used, and its growth.

Run as a separate process: `python -m benchmarks.window.memory MINUTES`. Prints one line of JSON, in bytes:
{"idle": n, "visited": n, "samples": [[seconds, n], ...], "torch": version}.
idle: torch and MNIST are loaded; visited: the maximum while `conv-vae` trains and every view is shown twice;
samples: afterwards, while the training continues and the views are shown in turn.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.recipes.library import find_recipe
from benchmarks.window.driver import open_window, run_for, start_training

if TYPE_CHECKING:
    from aestudio.gui.window.main_window import MainWindow

RECIPE = "conv-vae"
ENDLESS_EPOCHS = 10_000
VIEW_SECONDS = 8.0


def resident() -> int | None:
    """Resident memory of this process in bytes; None if the system does not report it."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def visit_views(window: MainWindow) -> list[int]:
    """Show each view for some seconds; return the resident memory after each, in bytes."""
    sizes = []
    for name in window.views:
        window.show_view(name)
        run_for(VIEW_SECONDS)
        sizes.append(resident() or 0)
    return sizes


def main(minutes: float) -> None:
    """Train, show every view twice, then continue for `minutes`."""
    if resident() is None:
        print(json.dumps({"unknown": f"not measured on {sys.platform}"}))
        return
    with open_window() as window:
        run_for(VIEW_SECONDS)
        idle = resident()
        start_training(window, find_recipe(RECIPE).with_settings({"epochs": ENDLESS_EPOCHS}))
        visited = max(visit_views(window) + visit_views(window))
        began, samples = time.monotonic(), []
        while time.monotonic() - began < 60 * minutes:
            sizes = visit_views(window)
            samples += [(round(time.monotonic() - began, 1), size) for size in sizes]
            print(samples[-1], file=sys.stderr, flush=True)
        import torch

        result = {"idle": idle, "visited": visited, "samples": samples, "torch": torch.__version__}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)
