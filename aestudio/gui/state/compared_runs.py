"""Two to eight kept runs that are compared: what was read of them, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.analysis.collapse import CollapseReport
    from aestudio.runs.compared_curves import Axis, ComparedChange, ComparedCurve
    from aestudio.runs.compared_images import ComparedImages
    from aestudio.runs.compared_metrics import ComparedMetric
    from aestudio.runs.compared_settings import ComparedSetting
    from aestudio.runs.run_rows import RunRow


@dataclass(frozen=True, eq=False)
class ComparedRuns:
    """What a comparison of kept runs shows.

    rows, labels: of each run; the labels can be told apart
    settings:     every setting, those too that all have alike
    curves:       by axis, of all runs
    changes:      by axis, the settings that were changed while they were trained
    collapses:    which dimensions of each run collapsed, and when
    metrics:      () until they are measured
    images:       None until they are asked for; no_images: why they could not be made
    """

    rows: tuple[RunRow, ...]
    labels: tuple[str, ...]
    settings: tuple[ComparedSetting, ...]
    curves: Mapping[Axis, tuple[ComparedCurve, ...]]
    changes: Mapping[Axis, tuple[ComparedChange, ...]]
    collapses: tuple[CollapseReport, ...]
    metrics: tuple[ComparedMetric, ...] = ()
    images: ComparedImages | None = None
    no_images: str = ""
