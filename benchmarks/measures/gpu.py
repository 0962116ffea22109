"""AE Studio's trainer on a CUDA device; without one every row says that it was not measured."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.interleaved_runs import Candidate
from benchmarks.progress import show_progress
from benchmarks.settings import ROOT
from benchmarks.table import Row
from benchmarks.training.compare import Claim, measure_claims

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "training on a GPU: recorded steps, the time between kernels, speed and loss with bfloat16"

SECTION = "Training on a GPU"
STUDIO, PLAIN, TUTORIAL = "AE Studio", "plain loop", "tutorial's loop"
IMAGES_PER_SECOND, TIMES_TUTORIAL, GAP_PERCENT = 1_000_000.0, 10.0, 10.0
NO_GPU = "no CUDA device here"


def measure(settings: Settings) -> list[Row]:
    """Speeds, the time between kernels, and the loss with bfloat16."""
    if not has_gpu():
        return not_measured()
    rows = _against_other_loops("conv-vae", 512, None, settings)
    rows += _against_other_loops("deep-ae", 64, TIMES_TUTORIAL, settings)
    for model, batch in (("conv-vae", 512), ("deep-ae", 64)):
        for precision in ("float32", "bfloat16"):
            rows.append(_gaps(model, batch, precision, settings))
    return [*rows, *_half_precision(settings)]


def has_gpu() -> bool:
    """Whether torch finds a CUDA device; checked in a separate process, to keep torch out of this one."""
    code = "import sys, torch; sys.exit(0 if torch.cuda.is_available() else 3)"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def not_measured() -> list[Row]:
    """The rows without values, for a machine without a GPU."""
    conv, deep = "`conv-vae`, batch 512", "`deep-ae`, batch 64"
    speed = Row.not_measured(SECTION, conv, f"{STUDIO} trains", NO_GPU, IMAGES_PER_SECOND, "images/s")
    times = Row.not_measured(SECTION, deep, "of the tutorial's loop", NO_GPU, TIMES_TUTORIAL, "x")
    return [speed, times, Row.not_measured(SECTION, conv, "time between kernels", NO_GPU)]


def _against_other_loops(model: str, batch: int, times: float | None, settings: Settings) -> list[Row]:
    given = ("--model", model, "--batch", str(batch), "--threads", "1", "--data", str(settings.data))
    modules = {STUDIO: "studio", PLAIN: "plain", TUTORIAL: "tutorial"}
    entries = [
        Candidate(name, f"benchmarks.training.{module}", arguments=given) for name, module in modules.items()
    ]
    claims = [
        Claim(
            STUDIO, PLAIN, "of the plain loop", "over the data set as one tensor on the device, fused Adam"
        ),
        Claim(
            STUDIO,
            TUTORIAL,
            "of the tutorial's loop",
            "over torchvision's transforms through a DataLoader, as most tutorials do it",
            times,
        ),
    ]
    rows = measure_claims(SECTION, f"`{model}`, batch {batch}", entries, claims, settings)
    return [_with_target(row) if model == "conv-vae" else row for row in rows]


def _with_target(row: Row) -> Row:
    from dataclasses import replace

    return replace(row, target=IMAGES_PER_SECOND) if row.figure == f"{STUDIO} trains" else row


def _gaps(model: str, batch: int, precision: str, settings: Settings) -> Row:
    """The share of idle time of the GPU; the profile is saved in the folder of the results."""
    subject, figure = f"`{model}`, batch {batch}, {precision}", "time between kernels"
    trace = settings.results / f"gpu-{model}-{batch}-{precision}.trace.json"
    result = _run_module(
        "gpu_gaps",
        "--model",
        model,
        "--batch",
        str(batch),
        "--precision",
        precision,
        "--data",
        str(settings.data),
        "--trace",
        str(trace),
    )
    if isinstance(result, str):
        return Row.broken(SECTION, subject, figure, result, GAP_PERCENT)
    return Row(
        SECTION,
        subject,
        figure,
        100 * result["gap_share"],
        "%",
        GAP_PERCENT,
        at_least=False,
        note=f"share of the step in which the GPU is idle, from torch's profiler; saved as {trace.name}",
    )


def _half_precision(settings: Settings) -> list[Row]:
    """Loss after five epochs in float32 and bfloat16, which shows whether bfloat16 worsens the result."""
    rows = []
    for precision in ("float32", "bfloat16"):
        subject, figure = f"`conv-vae`, 5 epochs, {precision}", "validation loss"
        result = _run_module(
            "gpu_loss", "--model", "conv-vae", "--precision", precision, "--data", str(settings.data)
        )
        if isinstance(result, str):
            rows.append(Row.broken(SECTION, subject, figure, result))
        else:
            note = "negative ELBO in nats per image on the 2,000 validation images"
            rows.append(Row(SECTION, subject, figure, result["loss"], "nats", note=note))
    return rows


def _run_module(module: str, *arguments: str) -> dict[str, float] | str:
    """The JSON in the last line of a process's output, or the last line of its error message."""
    show_progress(f"{SECTION}, {module} {' '.join(arguments[:6])}")
    command = [sys.executable, "-m", f"benchmarks.training.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1])
