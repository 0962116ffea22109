"""The metrics of the compared runs in a table: of the newest step, with intervals, and what has collapsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.inference.requests.compared_metrics_request import MetricsOfRuns
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.compare.column import COLOURS
from aestudio.gui.views.compare.results import current_result
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.collapse_text import report_of
from aestudio.gui.views.shared.comparison_lines import collapse_lines, difference_lines, metric_line
from aestudio.gui.widgets.comparison_table import ComparisonTable
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.layouts import column, fill

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import Result, StudioState

IMAGES = 500
"""The first ones of the test set: half a second of work for four small models."""


class MetricsTable(QWidget):
    """It asks for nothing while it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self.caption = ElidedLabel(muted=True)
        self.table = ComparisonTable(self.tr("Metrics of the compared runs"))
        self.mark = ChannelMark(self.table, MetricsOfRuns.channel, quiet=True)
        column(self.caption, fill(self.table), gap=4, on=self)

    def show_state(self, state: StudioState) -> None:
        """Show the newest metrics of the runs, and which of their dimensions have collapsed."""
        if self.isHidden():
            return
        result, runs = current_result(state, MetricsOfRuns.channel), state.comparison.runs
        self.mark.show_state(state)
        if not self._shown.differs(result, *(run.code_uses for run in runs), *(run.title for run in runs)):
            return
        metrics = () if result is None or result.value is None else result.value
        reports = [report_of(run, run.architecture) for run in runs]
        differences = (line for metric in metrics for line in difference_lines(metric))
        lines = (*map(metric_line, metrics), *collapse_lines(reports), *differences)
        self.table.show_lines(tuple(run.title for run in runs), lines, COLOURS[: len(runs)])
        self.caption.set_text(self._said(result))

    def _said(self, result: Result | None) -> str:
        """Of which step and how many images the numbers are, or why there are none."""
        if result is None:
            return self.tr("Being measured ...")
        if result.problem is not None:
            return str(result.problem)
        request: MetricsOfRuns = result.request
        steps = sorted({snapshot.step for snapshot in request.snapshots})
        of_steps = f"{steps[0]:,}" if len(steps) == 1 else f"{steps[0]:,} – {steps[-1]:,}"
        text = self.tr("Step {}, the first {} test images; intervals of 95 %")
        return text.format(of_steps, f"{min(request.count, len(request.image_set)):,}")
