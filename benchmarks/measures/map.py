"""How fast the map of 70,000 codes follows a hand that moves and zooms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measures.painting import _asked
from benchmarks.progress import say
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "frames of the map of 70,000 points at 1600x1000, moved and zoomed"

SECTION = "Window: the map"
FRAME_MILLISECONDS = 1000 / 60
SUBJECT = "70,000 points at 1600x1000"
DOING = (("pan", "moved"), ("zoom", "zoomed"), ("digits", "moved, zoomed in until points are digits"))
NOTE = "milliseconds from the mouse's movement to the end of the paint that shows it, of {} frames"


def measure(settings: Settings) -> list[Row]:
    """Median and 95th percentile of a frame's milliseconds: the median of each over the rounds."""
    runs = []
    for number in range(settings.rounds):
        say(f"{SECTION}: round {number + 1}")
        runs.append(_asked("benchmarks.window.map_frames"))
    return rows_of(runs)


def rows_of(runs: list[dict[str, list[float]]]) -> list[Row]:
    """Three rows for each thing that the hand does, from the frames of each round."""
    rows: list[Row] = []
    for doing, words in DOING:
        for percent, name in ((50, "median"), (95, "95th percentile")):
            rounds = tuple(float(np.percentile(run[doing], percent)) for run in runs)
            note = NOTE.format(len(runs[0][doing]))
            rows.append(
                Row(
                    SECTION,
                    f"{SUBJECT}, {words}",
                    f"frame, {name}",
                    float(np.median(rounds)),
                    "ms",
                    round(FRAME_MILLISECONDS, 1),
                    False,
                    note,
                    rounds,
                )
            )
        alone = tuple(float(np.median(run[f"{doing}, processor"])) for run in runs)
        note = "of the processor, without what other programs take of it"
        rows.append(
            Row(
                SECTION,
                f"{SUBJECT}, {words}",
                "frame, processor, median",
                float(np.median(alone)),
                "ms",
                note=note,
                rounds=alone,
            )
        )
    return rows
