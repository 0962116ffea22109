"""`python -m benchmarks.window.watch --data FOLDER [--seconds 3] [--only TEXT] [--profile]`

Plays every scenario in one window and prints the lateness of its event loop: one JSON line for each on the
standard output, and with --profile the stacks of all threads during the longest stalls.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.window import dataset_scenarios, scenarios, theme_changes
from benchmarks.window.driver import open_window
from benchmarks.window.scenarios import LatenessLog
from benchmarks.window.thread_sampler import ThreadSampler

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.main_window import MainWindow
    from benchmarks.window.lateness import Lateness

RECIPES = ("deep-ae", "conv-vae")
IMAGES = 2_000
_STALLS = 5


def play(window: MainWindow, log: LatenessLog, data: Path, seconds: float, only: str = "") -> None:
    """Play the scenarios whose key contains `only`, in order. seconds: of those that could last for ever"""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        scenarios.settle(window)
        for key, scenario in _scenarios(window, log, data, scratch, seconds).items():
            if only in key:
                scenario()


def _scenarios(
    window: MainWindow, log: LatenessLog, data: Path, scratch: Path, seconds: float
) -> dict[str, Callable[[], None]]:
    by_key: dict[str, Callable[[], None]] = {}
    for recipe in RECIPES:
        by_key[f"views {recipe}"] = lambda recipe=recipe: scenarios.show_views_while_training(
            window, log, recipe, seconds
        )
        by_key[f"slider {recipe}"] = lambda recipe=recipe: scenarios.drag_slider_while_training(
            window, log, recipe, seconds
        )
    return by_key | {
        "looks": lambda: scenarios.change_looks(window, log),
        "looks umap": lambda: theme_changes.change_theme_beside_umap(window, log),
        "runs": lambda: scenarios.save_and_open_run(window, log, "conv-vae", seconds / 2),
        "export": lambda: scenarios.export_codes(window, log, scratch),
        "map": lambda: scenarios.project_codes(window, log, seconds / 2),
        "probe": lambda: scenarios.train_probe(window, log, seconds),
        "data read": lambda: dataset_scenarios.read_mnist(window, log, data),
        "data download": lambda: dataset_scenarios.download_mnist(window, log, data, scratch),
        "data generate": lambda: dataset_scenarios.generate_digits(window, log, 2 * seconds),
        "data images": lambda: dataset_scenarios.read_image_files(window, log, scratch, IMAGES),
    }


def _json_line(doing: str, lateness: Lateness) -> str:
    longest = max(lateness.stalls, key=lambda stall: stall.late, default=None)
    cause = "" if longest is None else str(longest).partition("\n")[0]
    return json.dumps(
        {
            "doing": doing,
            "ticks": len(lateness.milliseconds),
            "median": lateness.median,
            "p99": lateness.p99,
            "longest": lateness.longest,
            "cause": cause,
        }
    )


def main() -> None:
    """Open the window, play the scenarios and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST as torchvision keeps it")
    parser.add_argument("--seconds", type=float, default=3.0, help="of scenarios that could last for ever")
    parser.add_argument(
        "--only",
        default="",
        help="scenarios whose key contains it: views, slider, looks, runs, data",
    )
    parser.add_argument("--profile", action="store_true", help="sample the stacks of all threads")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    log = LatenessLog(ThreadSampler if given.profile else None)
    with open_window() as window:
        play(window, log, given.data, given.seconds, given.only)
    for doing, lateness in log.entries.items():
        print(_json_line(doing, lateness))
        if given.profile:
            for stall in sorted(lateness.stalls, key=lambda stall: -stall.late)[:_STALLS]:
                print(f"  {stall}")


if __name__ == "__main__":
    main()
