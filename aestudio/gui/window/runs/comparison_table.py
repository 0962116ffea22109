"""Settings and results of compared runs: a row for each, a column for each run; what differs stands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.theme.tokens import colour_of
from aestudio.gui.views.shared.collapse_text import collapse_line
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.plain_text import one_line
from aestudio.runs.compared_metrics import ACTIVE
from aestudio.runs.compared_settings import NO_VALUE
from aestudio.runs.run_rows import column_of

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.collapse import CollapseReport
    from aestudio.gui.state.compared_runs import ComparedRuns
    from aestudio.runs.compared_metrics import ComparedMetric, Estimate

translate = QCoreApplication.translate

_FACTS = ("best", "epochs", "size")
_TERMS = {
    "mse": ("squared_error",),
    "psnr": ("psnr",),
    "ssim": ("ssim",),
    "elbo": ("elbo", "nats"),
    ACTIVE: ("active_dimension",),
}
_TITLE, _RUN, _ROW, _MARK = 200, 132, 30, 10  # logical pixels
_LONGEST = 60


@dataclass(frozen=True)
class Line:
    """A row of the table.

    differs: whether it is a setting that differs
    alarms:  of each run whether its text is an alarm; () for none
    terms:   keys of the glossary that explain the title
    """

    title: str
    texts: tuple[str, ...]
    differs: bool = False
    alarms: tuple[bool, ...] = ()
    terms: tuple[str, ...] = ()


def lines_of(compared: ComparedRuns, every: bool) -> tuple[Line, ...]:
    """The settings that differ, or every one; best validation, epochs and size; the measured metrics."""
    settings = [
        Line(_with_unit(setting.title, setting.unit), setting.texts, setting.differs)
        for setting in compared.settings
        if every or setting.differs
    ]
    facts = [Line(column.title, tuple(map(column.text, compared.rows))) for column in map(column_of, _FACTS)]
    metrics = (line for metric in compared.metrics for line in _metric_lines(metric))
    return (*settings, *facts, *_collapse_lines(compared.collapses), *metrics)


def _collapse_lines(reports: tuple[CollapseReport, ...]) -> list[Line]:
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


def _metric_lines(metric: ComparedMetric) -> list[Line]:
    title, terms = _with_unit(metric.title, metric.unit), _TERMS.get(metric.name, ())
    lines = [Line(title, tuple(map(_text, metric.estimates)), terms=terms)]
    if any(difference is not None for difference in metric.differences):
        difference = translate("ComparedRuns", "{}, from the first").format(metric.title)
        lines.append(Line(difference, tuple(map(_signed, metric.differences))))
    return lines


def _with_unit(title: str, unit: str) -> str:
    """The title and its unit, if that says more: "Epochs" are epochs."""
    return f"{title} [{unit}]" if unit and unit != title.lower() else title


def _text(estimate: Estimate | None) -> str:
    return NO_VALUE if estimate is None else estimate.text


def _signed(estimate: Estimate | None) -> str:
    if estimate is None:
        return NO_VALUE
    return f"+{estimate.text}" if estimate.mean > 0 else estimate.text


class ComparisonTable(QTableWidget):
    """Read only; its cells can be selected and read out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compared: ComparedRuns | None = None
        self._every = False
        self.setAccessibleName(self.tr("Settings and results of the compared runs"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    @property
    def texts(self) -> list[list[str]]:
        """What the rows say, the title first."""
        return [
            [self._item(row, column).text() for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None
        return item

    def is_marked(self, row: int) -> bool:
        """Whether a row stands out as a setting that differs."""
        return self._item(row, 0).font().bold()

    def show_runs(self, compared: ComparedRuns, *, every: bool) -> None:
        """Show these runs. every: settings, too, that all of them have alike"""
        self._compared, self._every = compared, every
        lines, theme = lines_of(compared, every), current_theme()
        self.clear()
        self.setRowCount(len(lines))
        self.setColumnCount(1 + len(compared.labels))
        self.setHorizontalHeaderItem(0, QTableWidgetItem(""))
        for number, label in enumerate(compared.labels):
            heading = QTableWidgetItem(_mark(number), one_line(label, _LONGEST))
            heading.setToolTip(label)
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(1 + number, heading)
        for row, line in enumerate(lines):
            marked = every and line.differs
            for column, text in enumerate((line.title, *line.texts)):
                item = QTableWidgetItem(text)
                item.setToolTip(text if column else explained(text, *line.terms))
                if column and line.alarms and line.alarms[column - 1]:
                    item.setForeground(QBrush(QColor(theme.warn)))
                if marked:
                    item.setFont(font(theme, weight=QFont.Weight.Bold))
                    item.setBackground(QBrush(QColor(theme.selection)))
                elif not column:
                    item.setForeground(QBrush(QColor(theme.muted)))
                self.setItem(row, column, item)
        self._fit()

    def _fit(self) -> None:
        px, header = current_theme().px, self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        if self._compared is None:
            return
        left = self.viewport().width() - px(_TITLE)
        each = max(px(_RUN), left // len(self._compared.labels))
        header.resizeSection(0, px(_TITLE))
        for number in range(len(self._compared.labels)):
            header.resizeSection(1 + number, each)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and self._compared is not None:
            self.show_runs(self._compared, every=self._every)


def _mark(number: int) -> QIcon:
    """The colour of the run's curve."""
    side = current_theme().px(_MARK)
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(colour_of(current_theme(), number)))
    return QIcon(pixmap)
