"""How long it takes to list many runs: all that the list shows, in a process that has listed nothing before.

`python -m benchmarks.reliability.many_runs --runs 2000` makes runs of one small record, with ten states of a
history each, and prints the median time of several processes: without an index, and with one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.recipes.library import find_recipe
from aestudio.runs.metrics_file import to_line
from aestudio.runs.run_record import RunRecord, versions, write_record
from aestudio.runs.search_index import SETTLED_SECONDS
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS, STATES = 200, 10
LIST = """
import json, sys, time
from pathlib import Path
from aestudio.runs.index import kept_runs
from aestudio.runs.run_rows import run_rows
kept_runs(Path(sys.argv[1]) / "none")
begin, cpu = time.perf_counter(), time.process_time()
rows = run_rows(kept_runs(Path(sys.argv[1])))
print(json.dumps([len(rows), time.perf_counter() - begin, time.process_time() - cpu]))
"""


def make_runs(folder: Path, count: int) -> None:
    """Make runs that can be listed; what their states hold is never read for that."""
    recipe, begun = find_recipe("vae"), datetime(2026, 1, 1, tzinfo=UTC)
    names = [term.name for term in recipe.objective.terms()]
    points = [
        MetricPoint(split, step, step / 100, dict.fromkeys(names, 200 - step / 10))
        for step in range(1, POINTS)
        for split in ("training", "validation")
    ]
    curves = b"".join(map(to_line, points))
    for number in range(count):
        run = folder / f"vae {number:05d}"
        (run / "moments").mkdir(parents=True)
        (run / "metrics.jsonl").write_bytes(curves)
        for name in ("weights", "checkpoint", *(f"moments/{step:09d}" for step in range(STATES))):
            (run / f"{name}.safetensors").write_bytes(b"")
        record = RunRecord(
            name=run.name,
            title=f"VAE, seed {number}",
            recipe=recipe,
            dataset="mnist",
            seed=number,
            device="cpu",
            status="finished",
            created=begun + timedelta(minutes=number),
            versions=dict(versions()),
        )
        write_record(run, record)


def listing(folder: Path, repeats: int) -> list[float]:
    """Runs, and the median seconds of the clock and of the processor, of so many processes."""
    times: list[list[float]] = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", LIST, str(folder)], check=True, capture_output=True, text=True
        )
        times.append(json.loads(done.stdout))
    return [statistics.median(column) for column in zip(*times, strict=True)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the runs, list them, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        os.environ["AESTUDIO_HOME"] = home
        folder = Path(home) / "data" / "runs"
        make_runs(folder, given.runs)
        for what, repeats in (
            ("just made, not in the index", 1),
            ("read for the index", 1),
            ("indexed", given.repeats),
        ):
            count, clock, processor = listing(folder, repeats)
            print(f"{count:,.0f} runs, {what}: {clock:.3f} s, of the processor {processor:.3f} s", flush=True)
            if what == "just made, not in the index":
                time.sleep(SETTLED_SECONDS + 0.5)


if __name__ == "__main__":
    main()
