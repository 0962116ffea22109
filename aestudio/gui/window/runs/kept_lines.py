"""Settings and results of compared kept runs as rows of a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.views.shared.comparison_lines import (
    collapse_lines,
    difference_lines,
    metric_line,
    with_unit,
)
from aestudio.gui.widgets.comparison_table import Line
from aestudio.runs.run_rows import column_of

if TYPE_CHECKING:
    from aestudio.gui.state.compared_runs import ComparedRuns

translate = QCoreApplication.translate

_FACTS = ("best", "epochs", "size")


def setting_lines(compared: ComparedRuns, *, every: bool) -> tuple[Line, ...]:
    """The settings that differ. every: those too that all runs have alike; then what differs is marked"""
    return tuple(
        Line(with_unit(setting.title, setting.unit), setting.texts, differs=every and setting.differs)
        for setting in compared.settings
        if every or setting.differs
    )


def result_lines(compared: ComparedRuns) -> tuple[Line, ...]:
    """What was measured, what collapsed, and how far the runs are; last what differs from the first run."""
    facts = [Line(column.title, tuple(map(column.text, compared.rows))) for column in map(column_of, _FACTS)]
    trained = translate("ComparedRuns", "Trained epochs")  # not the setting
    best, epochs, size = facts[0], replace(facts[1], title=trained), facts[2]
    metrics = map(metric_line, compared.metrics)
    differences = (line for metric in compared.metrics for line in difference_lines(metric))
    return (*metrics, best, *collapse_lines(compared.collapses), epochs, size, *differences)
