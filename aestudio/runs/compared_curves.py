"""The curves of several kept runs as arrays over one axis: for a plot, a table or a file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from aestudio.errors import BadChoice
from aestudio.runs.compared_settings import require_comparable
from aestudio.training.events import LiveChange, MetricPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.recipes.objective import Term
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.metrics_file import Point

Axis = Literal["step", "epoch", "images"]
AXES: tuple[Axis, ...] = get_args(Axis)


@dataclass(frozen=True, eq=False)
class ComparedCurve:
    """One term of one split of all runs.

    unit:   of the values; terms of the same name with another unit are another curve
    x:      float64 (P,), rising: every place at which any of the runs has a point
    values: float64 (R, P), a row for each run: NaN where the run has no point, or none that is a number
    runs:   whether each run has the term in this unit
    """

    split: str
    term: str
    title: str
    unit: str
    axis: Axis
    x: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def runs(self) -> tuple[bool, ...]:
        """Whether each run has a point."""
        return tuple(bool(np.isfinite(row).any()) for row in self.values)


@dataclass(frozen=True)
class ComparedChange:
    """A setting that was changed while a run was trained. run: its number; x: where on the axis"""

    run: int
    x: float
    change: LiveChange


def compared_changes(runs: Sequence[KeptRun], axis: Axis = "step") -> tuple[ComparedChange, ...]:
    """The changed settings of all runs, in the order of their places; raises as `compared_curves`."""
    found: list[ComparedChange] = []
    for number, run in enumerate(runs):
        points = run.points()
        own = [point for point in points if isinstance(point, LiveChange)]
        per_epoch = run.require_record().steps_per_epoch or _steps_per_epoch(points)
        found += [ComparedChange(number, _place_of_step(one.step, axis, run, per_epoch), one) for one in own]
    return tuple(sorted(found, key=lambda change: (change.x, change.run)))


def compared_curves(runs: Sequence[KeptRun], axis: Axis = "step") -> tuple[ComparedCurve, ...]:
    """The curves of all runs: the validation first, terms in the order in which the objectives have them.

    Nothing is interpolated: each value is that of a point. Terms of different units never share a curve.

    axis: steps of the optimiser, epochs, or images that were seen (runs of other batch sizes differ in these)
    Raises StudioError as `require_comparable`, and if points cannot be read, BadChoice for another axis.
    """
    if axis not in AXES:
        raise BadChoice("axis", axis, AXES)
    require_comparable(runs)
    terms: dict[tuple[str, str], Term] = {}
    series: dict[tuple[str, str, str], dict[int, dict[float, float]]] = {}
    for number, run in enumerate(runs):
        known = {term.name: term for term in run.recipe.objective.terms()}
        for term in known.values():
            terms.setdefault((term.name, term.unit), term)
        for point in run.points():
            if not isinstance(point, MetricPoint):
                continue
            place = _place(point, axis, run)
            for name, value in point.terms.items():
                unit = known[name].unit if name in known else ""
                row = series.setdefault((point.split, name, unit), {}).setdefault(number, {})
                row[place] = value if math.isfinite(value) else math.nan
    order = {key: number for number, key in enumerate(terms)}

    def rank(key: tuple[str, str, str]) -> tuple[bool, int, str]:
        split, name, unit = key
        return split != "validation", order.get((name, unit), len(order)), name

    return tuple(
        _curve(key, terms.get(key[1:]), series[key], len(runs), axis) for key in sorted(series, key=rank)
    )


def _curve(
    key: tuple[str, str, str], term: Term | None, rows: dict[int, dict[float, float]], count: int, axis: Axis
) -> ComparedCurve:
    split, name, unit = key
    x = np.array(sorted({place for row in rows.values() for place in row}), np.float64)
    values = np.full((count, len(x)), np.nan)
    for number, row in rows.items():
        places = np.array(list(row), np.float64)
        values[number, np.searchsorted(x, places)] = list(row.values())
    return ComparedCurve(split, name, name if term is None else term.title, unit, axis, x, values)


def _place(point: MetricPoint, axis: Axis, run: KeptRun) -> float:
    """Where a point lies; the last batch of an epoch may be smaller, so images are counted by epochs."""
    if axis == "step":
        return float(point.step)
    if axis == "epoch":
        return round(point.epoch, 9)  # the same epoch, computed with other numbers of steps
    return _images(point.step, point.epoch, run)


def _steps_per_epoch(points: Sequence[Point]) -> float:
    """Of a run whose record does not tell them, as its points do."""
    known = [one for one in points if isinstance(one, MetricPoint) and one.epoch > 0]
    return known[-1].step / known[-1].epoch if known else 1.0


def _place_of_step(step: int, axis: Axis, run: KeptRun, steps_per_epoch: float) -> float:
    """Where what happened at a step lies."""
    if axis == "step":
        return float(step)
    epoch = step / steps_per_epoch
    return epoch if axis == "epoch" else _images(step, epoch, run)


def _images(step: int, epoch: float, run: KeptRun) -> float:
    record = run.require_record()
    if not record.training_images:  # a record of an earlier version
        return float(step * record.recipe.training.batch_size)
    return float(round(epoch * record.training_images))
