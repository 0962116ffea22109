"""The cost of metrics, snapshots, history and checkpoints during a training."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "what metrics, snapshots, history and checkpoints cost the training"

SECTION = "Training on the CPU, one thread"
FIGURE = "spent on metrics, snapshots and history"
CASES = (("deep-ae", 64), ("vae", 128), ("conv-vae", 128))
MOST_PERCENT = 2.0


def measure(settings: Settings) -> list[Row]:
    """One row for each model."""
    return [_row(model, batch, settings) for model, batch in CASES]


def _row(model: str, batch: int, settings: Settings) -> Row:
    subject = f"`{model}`, batch {batch}"
    shares = []
    for number in range(min(3, settings.rounds)):
        show_progress(f"{TITLE}: {model}, round {number + 1}")
        command = [
            sys.executable,
            "-m",
            "benchmarks.training.overhead",
            "--model",
            model,
            "--batch",
            str(batch),
            "--seconds",
            str(2 * settings.seconds),
            "--data",
            str(settings.data),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            return Row.broken(SECTION, subject, FIGURE, reason, MOST_PERCENT)
        shares.append(100 * json.loads(done.stdout.strip().splitlines()[-1])["share"])
    return Row(
        SECTION,
        subject,
        FIGURE,
        statistics.median(shares),
        "%",
        MOST_PERCENT,
        at_least=False,
        rounds=tuple(shares),
        note="share of the training thread's CPU time that is neither a step nor a validation: loss terms, "
        "snapshots twice a second, metrics and checkpoints written to disk",
    )
