"""Latency of the Latent view: grid and dragged slider, for each recipe with a small decoder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Latent view: from the mouse to the screen"

# Targets, in milliseconds.
GRID, FRAME, TWO_FRAMES, BESIDE_TRAINING = 100.0, 16.7, 33.0, 50.0
_COMMAND = (sys.executable, "-m", "benchmarks.window.latent")


def measure(settings: Settings) -> list[Row]:
    """Grid and slider at rest, then the slider while each recipe trains."""
    show_progress(f"{TITLE}: at rest")
    at_rest = _run_window(settings)
    show_progress(f"{TITLE}: while training")
    training = {result["recipe"]: result for result in _run_window(settings, "--training")}
    return [row for result in at_rest for row in rows(result, training.get(result["recipe"]))]


def rows(result: dict[str, Any], training: dict[str, Any] | None) -> list[Row]:
    """The rows of one recipe, from the results at rest and during a training."""
    subject = f"{result['recipe']}, {result['multiply_adds'] / 1e6:.2g} M multiply-adds"
    note = f"of which decoding alone: {result['decode']:.0f} ms; median of {len(result['grid'])}"
    table = [
        Row(
            TITLE,
            subject,
            "20 x 20 grid, request to paint",
            median(result["grid"]),
            "ms",
            GRID,
            False,
            note,
            tuple(result["grid"]),
        ),
        Row(
            TITLE,
            subject,
            "40 x 40 grid, request to paint",
            median(result["forty"]),
            "ms",
            rounds=tuple(result["forty"]),
        ),
        Row(TITLE, subject, "dragged slider, median", median(result["slider"]), "ms", FRAME, False),
        Row(
            TITLE,
            subject,
            "dragged slider, 95th percentile",
            percentile(result["slider"]),
            "ms",
            TWO_FRAMES,
            False,
        ),
    ]
    if training is not None:
        high = percentile(training["slider"])
        table.append(
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
    return table


def percentile(values: list[float]) -> float:
    """The 95th percentile of at least two values."""
    return quantiles(values, n=20, method="inclusive")[-1]


def _run_window(settings: Settings, *arguments: str) -> list[dict[str, Any]]:
    """The results of each recipe, from a separate process; raises RuntimeError if it fails."""
    environment = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"OMP_NUM_THREADS": "1"}
    command = [*_COMMAND, "--data", str(settings.data), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
