"""What is measured of several runs, and what collapsed in them, as rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.shared.collapse_text import collapse_line
from aestudio.gui.widgets.comparison_table import Line
from aestudio.runs.compared_metrics import ACTIVE
from aestudio.runs.compared_settings import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.analysis.collapse import CollapseReport
    from aestudio.runs.compared_metrics import ComparedMetric, Estimate

translate = QCoreApplication.translate

_TERMS = {
    "mse": ("squared_error",),
    "psnr": ("psnr",),
    "ssim": ("ssim",),
    "elbo": ("elbo", "nats"),
    ACTIVE: ("active_dimension",),
}


def collapse_lines(reports: Sequence[CollapseReport]) -> list[Line]:
    """Which dimensions are collapsed and since when; none where no run can tell."""
    if not any(report.judged for report in reports):
        return []
    said = [collapse_line(report) for report in reports]
    none = translate("ComparedRuns", "none")
    texts = [
        text or (none if report.judged else NO_VALUE) for (text, _), report in zip(said, reports, strict=True)
    ]
    title = translate("ComparedRuns", "Collapse")
    return [Line(title, tuple(texts), alarms=tuple(alarm for _, alarm in said), terms=("collapsed",))]


def metric_line(metric: ComparedMetric) -> Line:
    """The mean of each run with its interval."""
    title, terms = with_unit(metric.title, metric.unit), _TERMS.get(metric.name, ())
    return Line(title, tuple(map(_text, metric.estimates)), terms=terms)


def difference_lines(metric: ComparedMetric) -> list[Line]:
    """The difference of each run from the first, where one is known."""
    if not any(difference is not None for difference in metric.differences):
        return []
    title = translate("ComparedRuns", "{}, from the first").format(metric.title)
    return [Line(title, tuple(map(_signed, metric.differences)))]


def with_unit(title: str, unit: str) -> str:
    """The title and its unit, if that says more: "Epochs" are epochs."""
    return f"{title} [{unit}]" if unit and unit != title.lower() else title


def _text(estimate: Estimate | None) -> str:
    return NO_VALUE if estimate is None else estimate.text.replace("-", "−")


def _signed(estimate: Estimate | None) -> str:
    if estimate is None:
        return NO_VALUE
    return f"+{estimate.text}" if estimate.mean > 0 else _text(estimate)
