"""Two to eight kept runs that are compared: what was read of them, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.runs.compared_curves import Axis, ComparedCurve
    from aestudio.runs.compared_metrics import ComparedMetric
    from aestudio.runs.compared_settings import ComparedSetting
    from aestudio.runs.run_rows import RunRow


@dataclass(frozen=True, eq=False)
class ComparedRuns:
    """What a comparison of kept runs shows.

    rows, labels: of each run; the labels can be told apart
    settings:     every setting, those too that all have alike
    curves:       by axis, of all runs
    metrics:      () until they are measured
    """

    rows: tuple[RunRow, ...]
    labels: tuple[str, ...]
    settings: tuple[ComparedSetting, ...]
    curves: Mapping[Axis, tuple[ComparedCurve, ...]]
    metrics: tuple[ComparedMetric, ...] = ()
