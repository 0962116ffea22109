"""`aestudio runs`: the kept runs and the shipped models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.cli.options import Json  # noqa: TC001 - typer reads it at run time
from aestudio.cli.output import one_line, print_json, print_result, table
from aestudio.runs.index import list_runs

if TYPE_CHECKING:
    from aestudio.runs.kept_run import KeptRun


def command(json: Json = False) -> None:
    """List the kept runs, newest first, and the shipped models."""
    runs = list_runs()
    if json:
        print_json([_as_json(run) for run in runs])
    else:
        print_result(table([_row(run) for run in runs], ("RUN", "STATUS", "LOSS", "WHAT IT IS")))


def _row(run: KeptRun) -> tuple[str, str, str, str]:
    loss = "" if run.last_loss is None else f"{run.last_loss:.4g}"
    status = "shipped" if run.shipped else run.status or "damaged"
    title = "" if run.title == run.name or run.shipped else f"{run.title}: "
    return run.name, status, loss, title + one_line(run.describe().partition("\n")[0])


def _as_json(run: KeptRun) -> dict[str, object]:
    record = run.record
    facts: dict[str, object] = {
        "run": run.name,
        "title": run.title,
        "folder": str(run.folder),
        "shipped": run.shipped,
        "status": run.status,
        "problem": None if run.problem is None else str(run.problem),
    }
    if record is not None:
        facts |= {
            "recipe": record.recipe.name,
            "dataset": record.dataset,
            "seed": record.seed,
            "device": record.device,
            "step": record.step,
            "epoch": record.epoch,
            "seconds": record.seconds,
            "created": record.created.isoformat(),
            "last": record.last,
        }
    return facts
