"""How fast the map of 70,000 codes follows the mouse that pans and zooms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measures.painting import run_module
from benchmarks.progress import show_progress
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "frames of the map of 70,000 points at 1600x1000, moved and zoomed"

SECTION = "Window: the map"
FRAME_MILLISECONDS = 1000 / 60
SUBJECT = "70,000 points at 1600x1000"
GESTURES = (
    ("pan", "moved"),
    ("zoom", "zoomed"),
    ("pan over images", "moved with decoded images under them"),
    ("zoom over images", "zoomed with decoded images under them"),
    ("turn", "turned about a third axis"),
    ("turn 10,000", "10,000 of them, turned about a third axis"),
    ("digits", "moved, zoomed in until points are digits"),
)
NOTE = "milliseconds from the mouse's movement to the end of the paint that shows it, of {} frames"


def measure(settings: Settings) -> list[Row]:
    """Median and 95th percentile of a frame's milliseconds: the median of each over the rounds."""
    runs = []
    for number in range(settings.rounds):
        show_progress(f"{SECTION}: round {number + 1}")
        runs.append(run_module("benchmarks.window.map_frames"))
    return rows_of(runs)


def rows_of(runs: list[dict[str, list[float]]]) -> list[Row]:
    """Three rows for each gesture, from the frames of each round."""
    rows: list[Row] = []
    for gesture, description in GESTURES:
        for percent, name in ((50, "median"), (95, "95th percentile")):
            rounds = tuple(float(np.percentile(run[gesture], percent)) for run in runs)
            note = NOTE.format(len(runs[0][gesture]))
            rows.append(
                Row(
                    SECTION,
                    f"{SUBJECT}, {description}",
                    f"frame, {name}",
                    float(np.median(rounds)),
                    "ms",
                    round(FRAME_MILLISECONDS, 1),
                    False,
                    note,
                    rounds,
                )
            )
        alone = tuple(float(np.median(run[f"{gesture}, processor"])) for run in runs)
        note = "CPU time, which other programs do not change"
        rows.append(
            Row(
                SECTION,
                f"{SUBJECT}, {description}",
                "frame, processor, median",
                float(np.median(alone)),
                "ms",
                note=note,
                rounds=alone,
            )
        )
    return rows
