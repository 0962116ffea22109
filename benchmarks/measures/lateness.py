"""How late a 60 Hz tick of the window comes while it works (benchmarks/window/scenarios.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Window: lateness of a 60 Hz tick"

# Targets in milliseconds: of the 99th percentile and of the maximum.
P99, LONGEST = 33.0, 100.0
# A change of the theme styles every widget of the window, and the user chooses when it happens.
LOOKS = ("dark to light and back", "presentation and back")
LOOK_LONGEST = 200.0
_ROUNDS = 3


def measure(settings: Settings) -> list[Row]:
    """Two rows for each scenario: medians over the rounds, with the cause of the longest stall."""
    rounds = [_play(settings) for _ in range(min(settings.rounds, _ROUNDS))]
    return [row for doing in rounds[0] for row in rows(doing, [results[doing] for results in rounds])]


def rows(doing: str, rounds: list[dict[str, Any]]) -> list[Row]:
    """The rows of one scenario, from the results of each round."""
    ticks = sum(one["ticks"] for one in rounds)
    note = f"{ticks:,} ticks, median {median(one['median'] for one in rounds):.1f} ms"
    look = doing in LOOKS
    worst = max(rounds, key=lambda one: one["longest"])
    return [
        Row(
            TITLE,
            doing,
            "99th percentile",
            median(one["p99"] for one in rounds),
            "ms",
            LOOK_LONGEST if look else P99,
            False,
            note,
        ),
        Row(
            TITLE,
            doing,
            "most",
            median(one["longest"] for one in rounds),
            "ms",
            LOOK_LONGEST if look else LONGEST,
            False,
            worst["cause"] and f"longest of {len(rounds)}: {worst['cause']}",
        ),
    ]


def _play(settings: Settings) -> dict[str, dict[str, Any]]:
    """Play every scenario in a separate process, which imports everything anew."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.window.watch",
        "--data",
        str(settings.data),
        "--seconds",
        str(settings.seconds),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {one["doing"]: one for one in results}
