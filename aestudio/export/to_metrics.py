"""The curves as a table: `--to metrics`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.export.tables.parquet_table import SUFFIX as PARQUET
from aestudio.export.tables.parquet_table import require_pyarrow, write_parquet
from aestudio.storage.atomic_file import new_file
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.progress import Progress


_TITLES = ("step", "epoch", "split", "term", "value")


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - quick
    """One row a number: step, epoch, split, term, value; the split "change" is a setting that was changed.

    A sabotaged training has a row of the split "sabotage".
    """
    rows: list[list[str]] = []
    for point in run.points():
        if isinstance(point, MetricPoint):
            rows += [
                [str(point.step), repr(point.epoch), point.split, name, repr(float(value))]
                for name, value in point.terms.items()
            ]
        else:
            rows.append([str(point.step), "", "change", point.name, repr(float(point.value))])
    if not rows:
        raise StudioError("This run has no curves", where=run.title, advice="Train it first.")
    sabotage = run.snapshot().sabotage
    if sabotage:
        rows.insert(0, [str(run.snapshot().step), "", "sabotage", sabotage, "1.0"])
    if path.suffix.lower() == PARQUET:
        require_pyarrow(path)
    with new_file(path) as file:
        if path.suffix.lower() == PARQUET:
            write_parquet(file, _typed(rows), {"run": run.title})
        else:
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            writer.writerow(_TITLES)
            writer.writerows(rows)
            file.write(text.getvalue().encode())
    return f"{len(rows) - bool(sabotage):,} numbers of the curves"


def _typed(rows: list[list[str]]) -> dict[str, list[Any]]:
    """The columns with numbers as numbers; a changed setting has no epoch."""
    return {
        "step": [int(row[0]) for row in rows],
        "epoch": [float(row[1]) if row[1] else None for row in rows],
        "split": [row[2] for row in rows],
        "term": [row[3] for row in rows],
        "value": [float(row[4]) for row in rows],
    }


EXPORTER = Exporter(
    name="metrics",
    title="Curves as a table",
    summary="Every point of the curves and every changed setting, one number a row (CSV or Parquet).",
    suffix=".csv",
    others={PARQUET: "Table (Parquet)"},
    write=_write,
)
