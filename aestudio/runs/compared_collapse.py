"""Which dimensions of compared kept runs collapsed, and when: from the validations that each run keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.analysis.collapse import collapse_report
from aestudio.recipes.requirements import has_standard_normal_prior
from aestudio.runs.compared_settings import NO_VALUE
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from aestudio.analysis.collapse import CollapseReport
    from aestudio.runs.kept_run import KeptRun


def collapse_of(run: KeptRun) -> CollapseReport:
    """What the points of a run say; raises StudioError if they cannot be read."""
    points = [point for point in run.points() if isinstance(point, MetricPoint)]
    latent = run.require_record().architecture.latent
    return collapse_report(points, normal_prior=has_standard_normal_prior(latent))


def collapse_words(report: CollapseReport) -> str:
    """In a cell of a table: "z3, z7 since step 120"; "none" if nothing is; a dash if nobody knows."""
    if report.since is not None:
        return f"no better than the mean image since step {report.since}"
    if not report.judged:
        return NO_VALUE
    steps = sorted({step for _, step in report.dimensions})
    parts = [
        f"{', '.join(f'z{one + 1}' for one, since in report.dimensions if since == step)} since step {step}"
        for step in steps
    ]
    return "; ".join(parts) or "none"
