"""The latent lab under a hand: grid and dragged slider, for every recipe with a small decoder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.progress import say
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Latent lab: from the hand to the screen"

# What the issue asks for, in milliseconds.
GRID, FRAME, TWO_FRAMES, BESIDE_TRAINING = 100.0, 16.7, 33.0, 50.0
_COMMAND = (sys.executable, "-m", "benchmarks.window.lab")


def measure(settings: Settings) -> list[Row]:
    """Grid and slider at rest, then the slider while each recipe trains."""
    say(f"{TITLE}: at rest")
    resting = _told(settings)
    say(f"{TITLE}: while training")
    training = {one["recipe"]: one for one in _told(settings, "--training")}
    return [row for one in resting for row in rows(one, training.get(one["recipe"]))]


def rows(one: dict[str, Any], training: dict[str, Any] | None) -> list[Row]:
    """The rows of one recipe, from what the window told at rest and while it trained."""
    subject = f"{one['recipe']}, {one['products'] / 1e6:.2g} M multiply-adds"
    floor = f"of which decoding alone: {one['decode']:.0f} ms; median of {len(one['grid'])}"
    found = [
        Row(
            TITLE,
            subject,
            "20 x 20 grid, request to paint",
            median(one["grid"]),
            "ms",
            GRID,
            False,
            floor,
            tuple(one["grid"]),
        ),
        Row(
            TITLE,
            subject,
            "40 x 40 grid, request to paint",
            median(one["forty"]),
            "ms",
            rounds=tuple(one["forty"]),
        ),
        Row(TITLE, subject, "dragged slider, median", median(one["slider"]), "ms", FRAME, False),
        Row(
            TITLE,
            subject,
            "dragged slider, 95th percentile",
            percentile(one["slider"]),
            "ms",
            TWO_FRAMES,
            False,
        ),
    ]
    if training is not None:
        high = percentile(training["slider"])
        found.append(
            Row(
                TITLE,
                subject,
                "dragged slider while it trains, 95th percentile",
                high,
                "ms",
                BESIDE_TRAINING,
                False,
            )
        )
    return found


def percentile(values: list[float]) -> float:
    """The 95th, of at least two values."""
    return quantiles(values, n=20, method="inclusive")[-1]


def _told(settings: Settings, *arguments: str) -> list[dict[str, Any]]:
    """What a process of its own told of each recipe; raises RuntimeError where it fails."""
    environment = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"OMP_NUM_THREADS": "1"}
    command = [*_COMMAND, "--data", str(settings.data), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
