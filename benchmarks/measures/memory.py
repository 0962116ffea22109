"""What the program holds in memory while it trains with every view in use, and how that grows.

AESTUDIO_BENCHMARK_MINUTES says how long the growth is watched (30 is what was asked for; default 3).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.progress import say
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Window: memory"

MEGABYTES, GROWTH_PERCENT = 900.0, 3.0
MINUTES, ASKED_MINUTES = 3.0, 30.0
MEGABYTE = 2**20


def measure(settings: Settings) -> list[Row]:
    """One process that trains `conv-vae` on MNIST and shows every view in turn."""
    say(TITLE)
    minutes = float(os.environ.get("AESTUDIO_BENCHMARK_MINUTES", MINUTES))
    environment = os.environ | {"AESTUDIO_DATA": str(settings.data), "OMP_NUM_THREADS": "1"}
    environment["CUDA_VISIBLE_DEVICES"] = ""
    command = [sys.executable, "-m", "benchmarks.window.memory", str(minutes)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return rows(json.loads(done.stdout.splitlines()[-1]), minutes)


def rows(told: dict[str, Any], minutes: float) -> list[Row]:
    """What is held, and by how much the median of the last tenth is above that of the first."""
    if "unknown" in told:
        return [Row.not_measured(TITLE, "conv-vae, every view", "resident", told["unknown"], MEGABYTES, "MB")]
    held = [value for _, value in told["samples"]]
    tenth = max(1, len(held) // 10)
    growth = 100 * (median(held[-tenth:]) / median(held[:tenth]) - 1)
    whole = minutes >= ASKED_MINUTES
    note = f"{told['idle'] / MEGABYTE:,.0f} MB with torch and MNIST only; torch {told['torch']}"
    return [
        Row(
            TITLE,
            "conv-vae, every view",
            "resident",
            max([told["visited"], *held]) / MEGABYTE,
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
