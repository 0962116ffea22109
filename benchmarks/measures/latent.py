"""The Latent view: latency of grid and dragged slider, and the age of what it shows while training."""

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

AGES = "Latent view: age of what is shown while a training runs"

# Targets, in milliseconds.
GRID, FRAME, TWO_FRAMES, BESIDE_TRAINING = 100.0, 16.7, 33.0, 50.0
# Seconds: what is visible is never older than this while a training runs, by whether a program is beside it.
OLDEST = {False: 2.0, True: 5.0}
BESIDE_A_PROGRAM = ("vae", "deep-ae")  # the recipes whose slider is also dragged beside a busy program


def measure(settings: Settings) -> list[Row]:
    """Grid and slider at rest, the slider while each recipe trains, and the ages of what is shown then."""
    show_progress(f"{TITLE}: at rest")
    at_rest = _run_window(settings)
    show_progress(f"{TITLE}: while training")
    training = {result["recipe"]: result for result in _run_window(settings, "--training")}
    show_progress(f"{TITLE}: while training, beside a busy program")
    busy = _run_window(settings, "--training", "--busy", "--only", *BESIDE_A_PROGRAM)
    table = [row for result in at_rest for row in rows(result, training.get(result["recipe"]))]
    table += [busy_row(result) for result in busy]
    show_progress(AGES)
    for result in _run_window(settings, module="benchmarks.window.ages"):
        table += age_rows(result)
    for result in _run_window(settings, "--busy", "--only", "vae", module="benchmarks.window.ages"):
        table += age_rows(result)
    return table


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


def busy_row(result: dict[str, Any]) -> Row:
    """The slider of one recipe during a training and beside a busy program."""
    return Row(
        TITLE,
        f"{result['recipe']}, {result['multiply_adds'] / 1e6:.2g} M multiply-adds",
        "dragged slider while it trains beside a busy program, 95th percentile",
        percentile(result["slider"]),
        "ms",
        BESIDE_TRAINING,
        False,
    )


def age_rows(result: dict[str, Any]) -> list[Row]:
    """Six rows for each visible part: medians, 95th percentiles and maxima, in seconds and in steps."""
    table: list[Row] = []
    busy = bool(result.get("busy"))
    beside = " beside a busy program" if busy else ""
    for part, found in result["ages"].items():
        subject = f"{result['recipe']} trains{beside}, {result['view'].capitalize()} in front, {part}"
        for unit, short in (("seconds", "s"), ("steps", "steps")):
            note = f"{unit} since the training had the weights that are shown, of 400 samples in 20 seconds"
            table += [
                Row(AGES, subject, f"age in {unit}, {figure}", value, short, target, False, note)
                for figure, value, target in (
                    ("median", median(found[unit]), None),
                    ("95th percentile", percentile(found[unit]), None),
                    ("maximum", max(found[unit]), OLDEST[busy] if unit == "seconds" else None),
                )
            ]
    return table


def percentile(values: list[float]) -> float:
    """The 95th percentile of at least two values."""
    return quantiles(values, n=20, method="inclusive")[-1]


def _run_window(
    settings: Settings, *arguments: str, module: str = "benchmarks.window.latent"
) -> list[dict[str, Any]]:
    """The results of each recipe, from a separate process; raises RuntimeError if it fails."""
    environment = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", module, "--data", str(settings.data), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
