"""The share of time between kernels on a GPU while AE Studio trains; the profile is saved to a file.

Run as a separate process; prints one line of JSON. chrome://tracing and ui.perfetto.dev show the trace.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WARM_STEPS = 400
PROFILED_STEPS = 1600
KERNEL_CATEGORIES = {"kernel", "gpu_memcpy", "gpu_memset"}


def gap_share(intervals: Iterable[tuple[float, float]]) -> float:
    """Share of the time between the first begin and the last end that no interval (begin, end) covers."""
    ordered = sorted(intervals)
    if not ordered:
        raise ValueError("no kernel was recorded")
    covered, reached = 0.0, ordered[0][0]
    for begin, end in ordered:
        covered += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return 1 - covered / (reached - ordered[0][0])


def kernels(trace: Path) -> list[tuple[float, float]]:
    """(begin, end) in microseconds of each kernel, copy and fill of the GPU in a Chrome trace."""
    events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    return [
        (event["ts"], event["ts"] + event["dur"])
        for event in events
        if event.get("cat") in KERNEL_CATEGORIES and "dur" in event
    ]


def profile(model: str, batch: int, precision: str, data: Path, trace: Path) -> None:
    """Train until the steps are captured as a graph, then train with torch's profiler and write the trace."""
    import torch

    from aestudio.datasets.catalogue import load_dataset
    from aestudio.recipes.library import find_recipe
    from aestudio.training.loop import TrainingLoop
    from aestudio.training.spec import RunSpec
    from benchmarks.training.studio import endless

    recipe = endless(find_recipe(model), batch).with_settings({"precision": precision})
    loop = TrainingLoop(RunSpec("benchmark", recipe, "mnist", "cuda"), load_dataset("mnist", data_dir=data))

    def train(steps: int) -> None:
        until = loop.step + steps
        while loop.step < until:
            loop.advance()
        loop.terms.take_points()
        torch.cuda.synchronize()

    train(WARM_STEPS)
    activities = [torch.profiler.ProfilerActivity.CUDA, torch.profiler.ProfilerActivity.CPU]
    with torch.profiler.profile(activities=activities) as profiler:
        train(PROFILED_STEPS)
    profiler.export_chrome_trace(str(trace))


def main() -> None:
    """`--model`, `--batch`, `--precision`, `--data`, `--trace`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--trace", type=Path, required=True)
    given = parser.parse_args()
    given.trace.parent.mkdir(parents=True, exist_ok=True)
    profile(given.model, given.batch, given.precision, given.data, given.trace)
    print(json.dumps({"gap_share": gap_share(kernels(given.trace))}))


if __name__ == "__main__":
    main()
