"""CPU time of the window during a training, while the user does nothing."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "what the window costs beside a training, and a curve of a million points"

SECTION = "Window: cost beside a training"
MODELS = (("deep-ae", 64), ("vae", 128), ("conv-vae", 128))
VIEWS = ("train", "reconstruct", "latent", "features", "compress")
FRAME_MILLISECONDS = 16.0
ROUNDS = 2


def measure(settings: Settings) -> list[Row]:
    """Shares of a core of the window's and the inference thread for each view, then the long curve."""
    rows: list[Row] = []
    for model, batch in MODELS:
        show_progress(f"{SECTION}: {model}")
        arguments = [
            "--model",
            model,
            "--batch",
            str(batch),
            "--data",
            str(settings.data),
            "--seconds",
            str(2 * settings.seconds),
            "--views",
            *VIEWS,
        ]
        runs = [
            run_module("benchmarks.window.painting", *arguments) for _ in range(min(ROUNDS, settings.rounds))
        ]
        rows += _shares(f"{model}, batch {batch}", runs)
    return rows + _long_curve()


def _shares(model: str, runs: list[list[dict[str, Any]]]) -> list[Row]:
    rows = []
    for index, view in enumerate(VIEWS):
        costs = [run[index] for run in runs]
        subject = f"{model}, {view.capitalize()} in front"
        for thread, figure in (("window", "GUI thread"), ("inference", "inference worker's thread")):
            rounds = tuple(100 * float(cost["shares"].get(thread, 0.0)) for cost in costs)
            note = "share of a core while a training runs at full speed and the user does nothing"
            rows.append(
                Row(SECTION, subject, figure, statistics.median(rounds), "%", note=note, rounds=rounds)
            )
    return rows


def _long_curve() -> list[Row]:
    show_progress(f"{SECTION}: a million points")
    result = run_module("benchmarks.window.curves")
    subject, note = "curve of 1,000,000 points", "milliseconds of CPU time, median of 15"
    return [
        Row(SECTION, subject, figure, result[name], "ms", most, False, note)
        for name, figure, most in (
            ("append", "append 1,000 points", None),
            ("show", "set + paint", FRAME_MILLISECONDS),
            ("logarithmic", "set + paint, logarithmic axis", FRAME_MILLISECONDS),
        )
    ]


def run_module(module: str, *arguments: str) -> Any:
    """Run a module in a separate process; return the JSON of its last line. Raises RuntimeError."""
    environment = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
