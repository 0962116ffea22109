"""What is drawn of a sweep: curves with bands, heat maps and parallel coordinates, as numbers. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.sweeps.importance import importances
from aestudio.sweeps.setting_axes import setting_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.sweeps.importance import Importance
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.setting_axes import SettingAxis
    from aestudio.sweeps.sweep_results import Candidate, SweepResults


@dataclass(frozen=True)
class SettingCurve:
    """The metric over the values of one setting, for each value: of all runs that have it.

    means: None where no run has a score; errors: standard errors of the means over these runs, s / sqrt(n),
    None for fewer than two; counts: of the runs. Other settings that vary are part of the spread.
    """

    axis: SettingAxis
    means: tuple[float | None, ...]
    errors: tuple[float | None, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class SettingHeatMap:
    """The mean of the metric over the runs of each pair of values: (down, across), None without a run."""

    down: SettingAxis
    across: SettingAxis
    means: tuple[tuple[float | None, ...], ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class ParallelLine:
    """A candidate as a line: candidate, its number in the plan; places: on each axis, the metric last"""

    candidate: int
    places: tuple[float, ...]


@dataclass(frozen=True)
class SweepSummary:
    """Everything that is drawn of a sweep, for one metric.

    lines: of the candidates that have a mean; span: the metric at places 0 and 1 of the last axis
    """

    results: SweepResults
    axes: tuple[SettingAxis, ...]
    importances: tuple[Importance, ...]
    curves: tuple[SettingCurve, ...]
    heat_maps: tuple[SettingHeatMap, ...]
    lines: tuple[ParallelLine, ...]
    span: tuple[float, float]


def summary_of(plan: SweepPlan, results: SweepResults, *, importance: bool = True) -> SweepSummary:
    """All of it. importance: whether that is computed, for which a forest may take some seconds"""
    axes = setting_axes(plan)
    pairs = [(down, across) for number, across in enumerate(axes) for down in axes[number + 1 :]]
    span = _span(results)
    return SweepSummary(
        results,
        axes,
        importances(plan, results) if importance else (),
        tuple(_curve(axis, results.candidates) for axis in axes),
        tuple(_heat_map(down, across, results.candidates) for down, across in pairs),
        _lines(axes, results.candidates, span),
        span,
    )


def _curve(axis: SettingAxis, candidates: Sequence[Candidate]) -> SettingCurve:
    scores: list[list[float]] = [[] for _ in axis.values]
    for one in candidates:
        scores[axis.number_of(one.settings)].extend(one.scores)
    return SettingCurve(
        axis,
        tuple(float(np.mean(own)) if own else None for own in scores),
        tuple(float(np.std(own, ddof=1) / math.sqrt(len(own))) if len(own) > 1 else None for own in scores),
        tuple(map(len, scores)),
    )


def _heat_map(down: SettingAxis, across: SettingAxis, candidates: Sequence[Candidate]) -> SettingHeatMap:
    scores: list[list[list[float]]] = [[[] for _ in across.values] for _ in down.values]
    for one in candidates:
        scores[down.number_of(one.settings)][across.number_of(one.settings)].extend(one.scores)
    return SettingHeatMap(
        down,
        across,
        tuple(tuple(float(np.mean(cell)) if cell else None for cell in row) for row in scores),
        tuple(tuple(len(cell) for cell in row) for row in scores),
    )


def _span(results: SweepResults) -> tuple[float, float]:
    means = [one.mean for one in results.candidates if one.mean is not None]
    return (min(means), max(means)) if means else (0.0, 1.0)


def _lines(
    axes: Sequence[SettingAxis], candidates: Sequence[Candidate], span: tuple[float, float]
) -> tuple[ParallelLine, ...]:
    low, high = span
    return tuple(
        ParallelLine(
            number,
            (
                *(axis.places[axis.number_of(one.settings)] for axis in axes),
                (one.mean - low) / (high - low) if high > low else 0.5,
            ),
        )
        for number, one in enumerate(candidates)
        if one.mean is not None
    )
