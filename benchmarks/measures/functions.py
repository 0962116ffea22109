"""The small functions of `benchmarks/functions/`, timed by pytest-benchmark in a separate process."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "small functions that are called very often, by pytest-benchmark"

SECTION = "Small functions, one thread of the CPU"
FOLDER = "benchmarks/functions"
ROUND_SECONDS = 0.02
MICROSECONDS = 1e6


def measure(settings: Settings) -> list[Row]:
    """The median time of one call of each function."""
    if importlib.util.find_spec("pytest_benchmark") is None:
        return [
            Row.not_measured(SECTION, "all", "", "pytest-benchmark is missing: pip install '.[benchmarks]'")
        ]
    show_progress(SECTION)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "functions.json"
        _run_pytest(path, settings)
        results = json.loads(path.read_text(encoding="utf-8"))
    return [_row(benchmark) for benchmark in results["benchmarks"]]


def _run_pytest(path: Path, settings: Settings) -> None:
    """Write the results to `path`; raises RuntimeError with pytest's output if a function fails."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        FOLDER,
        "--benchmark-only",
        f"--benchmark-json={path}",
        f"--benchmark-min-rounds={settings.rounds}",
        f"--benchmark-max-time={settings.seconds}",
        f"--benchmark-min-time={ROUND_SECONDS}",
        "--benchmark-warmup=on",
        "-p",
        "no:cacheprovider",
    ]
    one_thread = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, cwd=ROOT, env=one_thread, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(
            f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )


def _row(benchmark: dict[str, Any]) -> Row:
    figure = benchmark["name"].removeprefix("test_").replace("_", " ")
    stats = benchmark["stats"]
    rounds = tuple(MICROSECONDS * seconds for seconds in stats["data"])
    note = benchmark["extra_info"]["note"]
    return Row(SECTION, "one call", figure, MICROSECONDS * stats["median"], "µs", note=note, rounds=rounds)
