"""Time until the window is painted, its sliders work and Start is ready, compared with bare processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "Window: from the start of the process"

PAINTED, READY, GAP_MILLISECONDS = 1.5, 1.3, 600.0
_BARE_WINDOW, _BARE_TORCH, _PROGRAM = (
    f"benchmarks.window.{name}" for name in ("bare_window", "bare_torch", "start")
)
_TIMES = ("painted", "imported", "optimiser", "sliders", "ready")


def measure(settings: Settings) -> list[Row]:
    """Run the processes in turn; the first round, which compiles and caches files, does not count."""
    show_progress(TITLE)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "AESTUDIO_HOME": f"{folder}/home",
            "AESTUDIO_DATA": str(settings.data),
            "OMP_NUM_THREADS": "1",
            "PYTHONPYCACHEPREFIX": f"{folder}/byte-code",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        rounds = [
            {name: _run(name, environment) for name in (_BARE_WINDOW, _PROGRAM, _BARE_TORCH)}
            for _ in range(1 + settings.rounds)
        ]
    return rows(rounds[1:])


def rows(rounds: list[dict[str, dict[str, Any]]]) -> list[Row]:
    """Medians and ratios of medians; raises RuntimeError if torch was imported before the first frame."""

    def column(module: str, figure: str) -> tuple[float, ...]:
        return tuple(float(one[module][figure]) for one in rounds)

    if any(column(_PROGRAM, "torch_early")):
        raise RuntimeError("torch was imported before the first frame was painted")
    window, bare = column(_PROGRAM, "painted"), column(_BARE_WINDOW, "painted")
    ready, torch = column(_PROGRAM, "ready"), column(_BARE_TORCH, "optimiser")
    sliders, imported = column(_PROGRAM, "sliders"), column(_BARE_TORCH, "imported")
    gaps = tuple(1000 * gap for gap in column(_PROGRAM, "gap"))
    return [
        Row(
            TITLE,
            "first frame",
            "of a bare PySide6 + pyqtgraph window",
            median(window) / median(bare),
            "x",
            PAINTED,
            False,
            f"{median(window):.2f} s against {median(bare):.2f}",
        ),
        Row(
            TITLE,
            "Start is ready",
            "of import torch and one Adam",
            median(ready) / median(torch),
            "x",
            READY,
            False,
            f"{median(ready):.2f} s against {median(torch):.2f}",
        ),
        Row(
            TITLE,
            "sliders answer",
            "of import torch",
            median(sliders) / median(imported),
            "x",
            note=f"{median(sliders):.2f} s against {median(imported):.2f}",
        ),
        Row(
            TITLE,
            "first frame to Start",
            "longest time between two ticks",
            median(gaps),
            "ms",
            GAP_MILLISECONDS,
            False,
            "the import of torch",
            gaps,
        ),
    ]


def _run(module: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a process; return its results, with times as seconds since it was started."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout.splitlines()[-1])
    return {name: value - began if name in _TIMES else value for name, value in result.items()}
