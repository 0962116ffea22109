"""The table of a sweep's candidates: settings, score, parameters; sorted by a click on a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView

from aestudio.gui.plots.numbers import short_number
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.window.sweeps.sweep_texts import duration_text
from aestudio.sweeps.setting_axes import hashable, value_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.offer import Entry
    from aestudio.sweeps.sweep_results import Candidate
    from aestudio.sweeps.sweep_summary import SweepSummary

_ROW, _NARROW, _NOTE, _AROUND = 30, 72, 136, 30  # logical pixels
_NOTE_AFTER = 2  # columns after those of the settings
_Index = QModelIndex | QPersistentModelIndex
_DISPLAY = Qt.ItemDataRole.DisplayRole


class CandidateModel(QAbstractTableModel):
    """A row for each candidate that is kept by the brushes, in the order of the chosen column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary: SweepSummary | None = None
        self.rows: list[int] = []
        self._metric = ""
        self._kept: frozenset[int] | None = None
        self._order: tuple[int, bool] = (-1, False)

    def show_summary(self, summary: SweepSummary | None, metric: str, kept: frozenset[int] | None) -> None:
        """Show these candidates. metric: its title; kept: their numbers, None for all"""
        self.beginResetModel()
        self.summary, self._metric, self._kept = summary, metric, kept
        self._arrange()
        self.endResetModel()

    def candidate(self, row: int) -> Candidate:
        """The candidate in a row."""
        assert self.summary is not None
        return self.summary.results.candidates[self.rows[row]]

    def _arrange(self) -> None:
        summary = self.summary
        if summary is None:
            self.rows = []
            return
        candidates = summary.results.candidates
        numbers = [one for one in range(len(candidates)) if self._kept is None or one in self._kept]
        column, falling = self._order
        if column < 0:  # the best first
            places = {id(one): place for place, one in enumerate(summary.results.ranked)}
            self.rows = sorted(numbers, key=lambda number: places[id(candidates[number])])
        else:
            self.rows = sorted(numbers, key=lambda one: self._key(candidates[one], column), reverse=falling)

    @property
    def headings(self) -> tuple[str, ...]:
        """What the columns say."""
        if self.summary is None:
            return ()
        return (
            *(axis.title for axis in self.summary.axes),
            self._metric,
            self.tr("Standard error"),
            self.tr("What to know"),
            self.tr("Parameters"),
            self.tr("Training time"),
            self.tr("Runs"),
        )

    def _values(self, one: Candidate) -> tuple[Any, ...]:
        """The values behind the texts, in the order of the columns."""
        assert self.summary is not None
        settings = (hashable(one.settings[axis.name]) for axis in self.summary.axes)
        known = (one.parameters or None, one.seconds or None, len(one.scores))
        return (*settings, one.mean, one.standard_error, self._note(one), *known)

    def _key(self, one: Candidate, column: int) -> tuple[int, Any]:
        value = self._values(one)[column]
        if isinstance(value, str | tuple):
            return 0, value
        return (1, 0.0) if value is None else (0, float(value))

    def _note(self, one: Candidate) -> str:
        assert self.summary is not None
        results = self.summary.results
        notes = [
            *([self.tr("best")] if one is results.best else []),
            *([self.tr("simplest")] if one is results.chosen and one is not results.best else []),
            *([self.tr("{} not done").format(one.missing)] if one.missing else []),
            *(self.tr("failed: {}").format(problem) for problem in dict.fromkeys(one.problems)),
        ]
        return one_line(", ".join(notes))

    def _texts(self, one: Candidate) -> tuple[str, ...]:
        assert self.summary is not None
        *settings, mean, error, note, parameters, seconds, runs = self._values(one)
        return (
            *map(value_text, settings),
            "–" if mean is None else short_number(mean),
            "–" if error is None else f"{error:.2g}",
            note,
            "–" if parameters is None else f"{parameters:,}",
            "–" if seconds is None else duration_text(seconds),
            str(runs),
        )

    # ---- overrides of QAbstractTableModel ----

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.headings):
            return None
        if role in (_DISPLAY, Qt.ItemDataRole.ToolTipRole):
            return self.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        """Numbers at the right, but for those of the settings, which are among texts."""
        summary = self.summary
        first = 0 if summary is None else len(summary.axes)
        right = column >= first and column != first + _NOTE_AFTER
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        one = self.candidate(index.row())
        if role in (_DISPLAY, Qt.ItemDataRole.ToolTipRole):
            return self._texts(one)[index.column()]
        assert self.summary is not None
        if role == Qt.ItemDataRole.ForegroundRole and one is self.summary.results.best:
            return QColor(current_theme().accent)
        return self._alignment(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._order = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()


class CandidateTable(QTableView):
    """chosen(candidate): the user went to its row; opened(): its run is to be opened

    entries: set by the window around: what the context menu offers for the selected candidate
    """

    entries: Callable[[], tuple[Entry, ...]] | None = None
    chosen = Signal(int)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidates = CandidateModel(self)
        self._selected: int | None = None
        self.setModel(self.candidates)
        self.setAccessibleName(self.tr("Candidates of the sweep"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.candidates.modelReset.connect(self._show_selected)
        self.selectionModel().currentRowChanged.connect(self._go)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self._fit()

    def show_summary(self, summary: SweepSummary | None, metric: str, kept: frozenset[int] | None) -> None:
        """Show these candidates; the selected one stays so."""
        before = self.candidates.headings
        self.candidates.show_summary(summary, metric, kept)
        if before != self.candidates.headings:
            self._fit()

    def select(self, candidate: int | None) -> None:
        """Select the row of a candidate, without a signal."""
        self._selected = candidate
        self._show_selected()

    def offer_at(self, at: QPoint | None) -> Offer:
        """What the window around offers for the selected candidate."""
        del at
        return Offer(entries=() if self.entries is None else self.entries())

    def _show_selected(self) -> None:
        model = self.selectionModel()
        model.blockSignals(True)
        if self._selected in self.candidates.rows:
            row = self.candidates.rows.index(self._selected)
            self.selectRow(row)
        else:
            self.clearSelection()
        model.blockSignals(False)
        self.viewport().update()

    def _go(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._selected = self.candidates.rows[current.row()]
            self.chosen.emit(self._selected)

    def _fit(self) -> None:
        px, header = current_theme().px, self.horizontalHeader()
        self.verticalHeader().setMinimumSectionSize(px(_ROW))
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        header.setMinimumSectionSize(px(_NARROW) // 2)
        headings = self.candidates.headings
        for column, text in enumerate(headings):
            width = self.fontMetrics().horizontalAdvance(text) + px(_AROUND)
            least = px(_NOTE if column == len(headings) - 4 else _NARROW)
            header.resizeSection(column, max(least, width))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._fit()
