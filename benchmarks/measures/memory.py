"""Resident memory of the program while it trains and every view is used, and its growth.

AESTUDIO_BENCHMARK_MINUTES sets for how long the growth is measured (default 3; the target is for 30).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Window: memory"

MEGABYTES, GROWTH_PERCENT = 900.0, 3.0
MINUTES, TARGET_MINUTES = 3.0, 30.0
MEGABYTE = 2**20


def measure(settings: Settings) -> list[Row]:
    """One process that trains `conv-vae` on MNIST and shows every view in turn."""
    show_progress(TITLE)
    minutes = float(os.environ.get("AESTUDIO_BENCHMARK_MINUTES", MINUTES))
    environment = os.environ | {"AESTUDIO_DATA": str(settings.data), "OMP_NUM_THREADS": "1"}
    environment["CUDA_VISIBLE_DEVICES"] = ""
    command = [sys.executable, "-m", "benchmarks.window.memory", str(minutes)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return rows(json.loads(done.stdout.splitlines()[-1]), minutes)


def rows(result: dict[str, Any], minutes: float) -> list[Row]:
    """The maximum, and the growth from the median of the first tenth of the samples to that of the last."""
    if "unknown" in result:
        return [
            Row.not_measured(TITLE, "conv-vae, every view", "resident", result["unknown"], MEGABYTES, "MB")
        ]
    sizes = [size for _, size in result["samples"]]
    tenth = max(1, len(sizes) // 10)
    growth = 100 * (median(sizes[-tenth:]) / median(sizes[:tenth]) - 1)
    whole = minutes >= TARGET_MINUTES
    note = f"{result['idle'] / MEGABYTE:,.0f} MB with torch and MNIST only; torch {result['torch']}"
    return [
        Row(
            TITLE,
            "conv-vae, every view",
            "resident",
            max([result["visited"], *sizes]) / MEGABYTE,
            "MB",
            MEGABYTES,
            False,
            note,
        ),
        Row(
            TITLE,
            "conv-vae, every view",
            f"growth in {minutes:g} minutes",
            growth,
            "%",
            GROWTH_PERCENT if whole else None,
            False,
            "" if whole else "the target is for 30 minutes",
        ),
    ]
