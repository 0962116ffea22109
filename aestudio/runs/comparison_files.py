"""What is compared about kept runs as CSV files: for a paper, a spreadsheet or a script.

UTF-8 with a heading; numbers have a decimal point and read back bit for bit, an empty cell is no value.
"""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from aestudio.printable import printable
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from aestudio.analysis.collapse import CollapseReport
    from aestudio.runs.compared_curves import ComparedChange, ComparedCurve
    from aestudio.runs.compared_metrics import ComparedMetric, Estimate
    from aestudio.runs.compared_settings import ComparedSetting

Cell = str | float | int | None


def write_settings(path: Path, settings: Sequence[ComparedSetting], labels: Sequence[str]) -> None:
    """One row a setting, one column a run; raises StudioError."""
    rows = [[setting.name, setting.title, setting.unit, *setting.texts] for setting in settings]
    _write(path, ["setting", "title", "unit", *labels], rows)


def write_metrics(path: Path, metrics: Sequence[ComparedMetric], labels: Sequence[str]) -> None:
    """One row a metric and run: mean, interval, difference from the first run; raises StudioError."""
    heading = ["metric", "title", "unit", "run", "images", "mean", "low", "high"]
    heading += ["difference", "difference_low", "difference_high"]
    rows = [
        [metric.name, metric.title, metric.unit, label, *_estimate(own, True), *_estimate(difference, False)]
        for metric in metrics
        for label, own, difference in zip(labels, metric.estimates, metric.differences, strict=True)
        if own is not None
    ]
    _write(path, heading, rows)


def write_collapses(path: Path, reports: Sequence[CollapseReport], labels: Sequence[str]) -> None:
    """One row a change of a run: its step, what happened, and the dimensions, from z1; raises StudioError."""
    rows = [
        [label, change.step, change.change, " ".join(f"z{one + 1}" for one in change.dimensions)]
        for label, report in zip(labels, reports, strict=True)
        for change in report.changes
    ]
    _write(path, ["run", "step", "change", "dimensions"], rows)


def write_curves(
    path: Path,
    curves: Sequence[ComparedCurve],
    labels: Sequence[str],
    changes: Sequence[ComparedChange] = (),
) -> None:
    """One row a place on the axis, one column a run, curve after curve; raises StudioError.

    changes: the settings that were changed while the runs were trained, in rows of their own, whose split is
             "change" and whose term is the name of the setting; the new value is in the column of the run
    """
    axis = curves[0].axis if curves else "step"
    rows = (
        [curve.split, curve.term, curve.unit, _place(x), *curve.values[:, column].tolist()]
        for curve in curves
        for column, x in enumerate(curve.x.tolist())
    )
    nothing: list[Cell] = [None] * len(labels)
    marks = (
        [
            *("change", one.change.name, "", _place(one.x)),
            *nothing[: one.run],
            one.change.value,
            *nothing[one.run + 1 :],
        ]
        for one in changes
    )
    _write(path, ["split", "term", "unit", axis, *labels], [*rows, *marks])


def _place(x: float) -> Cell:
    return int(x) if x.is_integer() else x


def _estimate(estimate: Estimate | None, with_count: bool) -> list[Cell]:
    if estimate is None:
        return [None] * (3 + with_count)
    count: list[Cell] = [estimate.images] if with_count else []
    return [*count, estimate.mean, estimate.low, estimate.high]


def _write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_text, heading))
    for row in rows:
        writer.writerow([_text(cell) if isinstance(cell, str) else _number(cell) for cell in row])
    with new_file(path) as file:
        file.write(text.getvalue().encode())


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(value)


def _text(text: str) -> str:
    """A text in one line that no spreadsheet takes for a formula: a run's name may come from anybody."""
    text = " ".join(printable(text).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
