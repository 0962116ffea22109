"""Rows of runs as the command line prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.cli.output import one_line, table
from aestudio.runs.removed_runs import removed_runs
from aestudio.runs.run_rows import column_of, size_text
from aestudio.runs.run_size import total_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.run_rows import RunRow

_HEADING = ("RUN", "STATUS", "BEST VALIDATION", "EPOCHS", "SIZE", "WHAT IT IS")


def row_table(rows: Sequence[RunRow]) -> str:
    """The rows as lines for people: the name for commands first."""
    texts = [column_of(name).text for name in ("status", "best", "epochs", "size")]
    return table([(row.run.name, *(text(row) for text in texts), _what(row)) for row in rows], _HEADING)


def removed_table(removed: Sequence[RemovedRun]) -> str:
    """Removed runs as lines for people, the last removed first."""
    rows = [
        (one.name, f"{one.date.astimezone():%Y-%m-%d %H:%M}", size_text(one.size), one_line(one.title))
        for one in removed
    ]
    return table(rows, ("RUN", "REMOVED", "SIZE", "NAME"))


def summary(rows: Sequence[RunRow]) -> str:
    """How much the listed runs take, and the removed ones; "" if there are none."""
    own = [row.run for row in rows if not row.run.shipped]
    removed = removed_runs()
    parts = [f"{_count(len(own), 'run')} {_take(len(own))} {size_text(total_size(own))}"] if own else []
    if removed:
        size = size_text(sum(one.size for one in removed))
        parts.append(f"{_count(len(removed), 'removed run')} {_take(len(removed))} {size}")
    return f"{', '.join(parts)}." if parts else ""


def row_to_json(row: RunRow) -> dict[str, object]:
    """A row for programs."""
    run, record = row.run, row.run.record
    facts: dict[str, object] = {
        "run": run.name,
        "title": run.title,
        "name": row.name,
        "folder": str(run.folder),
        "shipped": run.shipped,
        "status": run.status,
        "problem": None if run.problem is None else str(run.problem),
        "note": row.note,
        "tags": list(row.tags),
        "sabotage": run.sabotage or None,
        "size": row.size,
    }
    if record is not None:
        facts |= {
            "recipe": record.recipe.name,
            "dataset": record.dataset,
            "seed": record.seed,
            "device": record.device,
            "step": record.step,
            "epoch": record.epoch,
            "epochs": row.planned,
            "latent_size": row.latent_size,
            "beta": row.beta,
            "seconds": record.seconds,
            "created": record.created.isoformat(),
            "last": record.last,
            "best_validation": row.best.value,
            "best_validation_epoch": None if row.best.value is None else row.best.epoch,
            "loss_unit": row.best.unit,
        }
    return facts


def _what(row: RunRow) -> str:
    if row.run.problem is not None:
        return one_line(str(row.run.problem))
    tags = "".join(f" #{tag.replace(' ', '-')}" for tag in row.tags)
    return one_line(f"{row.name} on {row.dataset}{tags}")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _take(number: int) -> str:
    return "takes" if number == 1 else "take"
