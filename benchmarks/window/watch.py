"""`python -m benchmarks.window.watch --data FOLDER [--seconds 3] [--only WORD] [--profile]`

Plays every scene in one window and prints how late its event loop was: one JSON line for each on the
standard output, and with --profile where all threads were during the longest holds.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.window import looks, scenes
from benchmarks.window.culprits import Sampler
from benchmarks.window.scenes import Diary
from benchmarks.window.stage import open_presentation

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.window.main_window import MainWindow
    from benchmarks.window.lateness import Lateness

RECIPES = ("deep-ae", "conv-vae")
IMAGES = 2_000
_HOLDS = 5


def play(window: MainWindow, diary: Diary, data: Path, seconds: float, only: str = "") -> None:
    """Every scene whose key holds the word, in order; a short one lasts as long as it takes."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        scenes.settle(window)
        for key, scene in _scenes(window, diary, data, scratch, seconds).items():
            if only in key:
                scene()


def _scenes(
    window: MainWindow, diary: Diary, data: Path, scratch: Path, seconds: float
) -> dict[str, Callable[[], None]]:
    found: dict[str, Callable[[], None]] = {}
    for recipe in RECIPES:
        found[f"views {recipe}"] = lambda recipe=recipe: scenes.views_while_training(
            window, diary, recipe, seconds
        )
        found[f"hand {recipe}"] = lambda recipe=recipe: scenes.dragging(window, diary, recipe, seconds)
    return found | {
        "looks": lambda: scenes.changing_looks(window, diary),
        "looks umap": lambda: looks.changing_looks_beside_umap(window, diary),
        "runs": lambda: scenes.keeping(window, diary, "conv-vae", seconds / 2),
        "export": lambda: scenes.exporting(window, diary, scratch),
        "map": lambda: scenes.projecting(window, diary, seconds / 2),
        "probe": lambda: scenes.probing(window, diary, seconds),
        "data read": lambda: scenes.decoding(window, diary, data),
        "data download": lambda: scenes.downloading(window, diary, data, scratch),
        "data generate": lambda: scenes.generating(window, diary, 2 * seconds),
        "data pictures": lambda: scenes.pictures(window, diary, scratch, IMAGES),
    }


def _told(doing: str, lateness: Lateness) -> str:
    longest = max(lateness.holds, key=lambda hold: hold.late, default=None)
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
    """Open the window, play, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with MNIST as torchvision keeps it")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each scene that could last for ever")
    parser.add_argument("--only", default="", help="scenes with this word: views, hand, runs, data, ...")
    parser.add_argument("--profile", action="store_true", help="look where the threads are meanwhile")
    given = parser.parse_args()
    os.environ["AESTUDIO_DATA"] = str(given.data)
    diary = Diary(Sampler if given.profile else None)
    with open_presentation() as window:
        play(window, diary, given.data, given.seconds, given.only)
    for doing, lateness in diary.entries.items():
        print(_told(doing, lateness))
        if given.profile:
            for hold in sorted(lateness.holds, key=lambda hold: -hold.late)[:_HOLDS]:
                print(f"  {hold}")


if __name__ == "__main__":
    main()
