"""The table of runs: sorted by a click, columns as the user wants them, used with the keyboard alone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QItemSelection,
    QItemSelectionModel,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.window.runs.table_choices import ALWAYS, NAMES, TableChoices
from aestudio.gui.window.runs.table_model import RunTableModel, column_number
from aestudio.runs.run_rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QAbstractItemDelegate, QWidget

    from aestudio.runs.run_rows import RunRow

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Table of runs"),
    LocalKey("runs.open", ("Return", "Enter"), lambda: translate("keys", "opens the run")),
    LocalKey("runs.rename", ("F2",), lambda: translate("keys", "renames the run in its row")),
    LocalKey(
        "runs.remove",
        ("Del", "Backspace"),
        lambda: translate("keys", "moves the selected runs to the trash folder; Ctrl+Z brings them back"),
    ),
)
_NAME, _ROW, _WIDEST, _NARROWEST, _SPACE = 220, 30, 168, 48, 18  # logical pixels
_GIVE_WAY = {"recipe": 104, "dataset": 104, "tags": 104, "name": 160}  # and the widths that they keep
_FLAG = QItemSelectionModel.SelectionFlag


class RunTable(QTableView):
    """opened(row): a run is to be opened; removal_wanted(): those that are selected are to be removed.

    selection_changed(): other runs are selected, or the selected ones have changed
    editing_ended():     nothing is typed into a cell any more

    entries: set by the window around: what the context menu offers for the selected runs
    """

    entries: Callable[[], tuple[Entry, ...]] | None = None

    opened = Signal(object)
    removal_wanted = Signal()
    selection_changed = Signal()
    editing_ended = Signal()

    def __init__(self, choices: TableChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = RunTableModel(self)
        self._choices = choices
        self._fitting = False
        self._kept: tuple[set[Path], Path | None, int] = (set(), None, 0)
        self._look()
        self.setModel(self.runs)
        self.runs.modelAboutToBeReset.connect(self._keep_selection)
        self.runs.modelReset.connect(self._restore_selection)
        self.runs.dataChanged.connect(lambda *_: self.selection_changed.emit())
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(self.runs.rows[index.row()]))
        self._arrange_columns()

    def _look(self) -> None:
        self.setAccessibleName(self.tr("Kept runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)  # F2 is in `KEYS`
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # what tells names apart is at their end
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSectionsClickable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: open_once(self.column_menu(), header.mapToGlobal(at))
        )
        header.sortIndicatorChanged.connect(self._sort)
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(lambda *_: self._remember_order())
        self._set_heights()

    def _set_heights(self) -> None:
        self.verticalHeader().setMinimumSectionSize(current_theme().px(_ROW))  # first: no row is lower
        self.verticalHeader().setDefaultSectionSize(current_theme().px(_ROW))

    def offer_at(self, at: QPoint | None) -> Offer:
        """What the window around offers for the selected runs."""
        del at
        return Offer(entries=() if self.entries is None else self.entries())

    # ---- rows -------------------------------------------------------------------------------------

    @property
    def selected(self) -> tuple[RunRow, ...]:
        """The selected rows, from top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.runs.rows[number] for number in numbers)

    @property
    def is_edited(self) -> bool:
        """Whether the user is typing into a cell, which new rows would close."""
        return self.state() == QAbstractItemView.State.EditingState

    def show_rows(self, rows: tuple[RunRow, ...], on_show: Path | None) -> None:
        """Show these rows; what is selected stays so."""
        self.runs.set_rows(rows, on_show)
        self._fit()

    def select(self, folders: set[Path]) -> None:
        """Select the runs of these folders."""
        self._kept = folders, next(iter(folders), None), self.verticalScrollBar().value()
        self._restore_selection()

    def edit_name(self) -> None:
        """Type another name into the current row."""
        index = self.runs.index(self.currentIndex().row(), column_number("name"))
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.scrollTo(index)
            self.setCurrentIndex(index)
            self.edit(index)

    def _keep_selection(self) -> None:
        current = self.currentIndex()
        at = self.runs.rows[current.row()].run.folder if current.isValid() else None
        self._kept = {row.run.folder for row in self.selected}, at, self.verticalScrollBar().value()

    def _restore_selection(self) -> None:
        folders, current, scrolled = self._kept
        selection, last = QItemSelection(), len(COLUMNS) - 1
        for number, row in enumerate(self.runs.rows):
            if row.run.folder == current:
                at = self.runs.index(number, column_number("name"))
                self.selectionModel().setCurrentIndex(at, _FLAG.NoUpdate)
            if row.run.folder in folders:
                selection.select(self.runs.index(number, 0), self.runs.index(number, last))
        self.selectionModel().select(selection, _FLAG.ClearAndSelect)
        self.verticalScrollBar().setValue(scrolled)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self.selection_changed.emit()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.editing_ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = "" if self.is_edited else KEYS.command(event)
        if command == "runs.open":
            if self.currentIndex().isValid():
                self.opened.emit(self.runs.rows[self.currentIndex().row()])
        elif command == "runs.rename":
            self.edit_name()
        elif command == "runs.remove":
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    # ---- columns ----------------------------------------------------------------------------------

    @property
    def choices(self) -> TableChoices:
        """The columns as they are now."""
        return self._choices

    def column_menu(self) -> QMenu:
        """A menu in which the columns are chosen."""
        menu = QMenu(self)
        for number, column in enumerate(COLUMNS):
            if column.name == ALWAYS:
                continue
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.toggled.connect(lambda shown, name=column.name: self.show_column(name, shown))
        menu.addSeparator()
        menu.addAction(self.tr("The usual columns"), self._reset_columns)
        return menu

    def show_column(self, name: str, shown: bool) -> None:
        """Show or hide a column."""
        hidden = self._choices.hidden - {name} if shown else self._choices.hidden | {name}
        self._choices = replace(self._choices, hidden=hidden)
        self.setColumnHidden(column_number(name), not shown)
        self._fit()

    def _reset_columns(self) -> None:
        usual = TableChoices(sorted_by=self._choices.sorted_by, descending=self._choices.descending)
        self._choices = usual
        self._arrange_columns()
        self._fit()

    def _arrange_columns(self) -> None:
        header, choices = self.horizontalHeader(), self._choices
        with QSignalBlocker(header):
            for place, name in enumerate(choices.order):
                header.moveSection(header.visualIndex(column_number(name)), place)
            for number, name in enumerate(NAMES):
                self.setColumnHidden(number, name in choices.hidden)
            section = column_number(choices.sorted_by) if choices.sorted_by else -1
            order = Qt.SortOrder.DescendingOrder if choices.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(section, order)
        header.viewport().update()
        self.runs.sort(section, order)

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        self.runs.sort(section, order)
        name, descending = self.runs.sorted_by
        self._choices = replace(self._choices, sorted_by=name, descending=descending)

    def _remember_order(self) -> None:
        header = self.horizontalHeader()
        order = tuple(NAMES[header.logicalIndex(place)] for place in range(len(NAMES)))
        self._choices = replace(self._choices, order=order)

    def _resized(self, section: int, _: int, width: int) -> None:
        if not self._fitting and width:
            widths = {**self._choices.widths, NAMES[section]: round(width / current_theme().scale)}
            self._choices = replace(self._choices, widths=MappingProxyType(widths))

    @contextmanager
    def _fit_quietly(self) -> Iterator[None]:
        self._fitting = True
        try:
            yield
        finally:
            self._fitting = False

    def _fit(self) -> None:
        """As wide as what the columns hold, unless the user chose a width; names take what is left.

        Before the last columns are beyond the edge, long texts give way: their ends are what tells them
        apart, and the middle is left out.
        """
        px, chosen = current_theme().px, self._choices.widths
        shown = [(number, name) for number, name in enumerate(NAMES) if not self.isColumnHidden(number)]
        widths = {name: self._width_of(number) for number, name in shown if name != ALWAYS}
        widths[ALWAYS] = px(chosen.get(ALWAYS, _NAME))
        left = self.viewport().width() - sum(widths.values())
        for name, least in _GIVE_WAY.items():
            if left < 0 and name in widths and name not in chosen:
                given = min(-left, max(0, widths[name] - px(least)))
                widths[name], left = widths[name] - given, left + given
        if ALWAYS not in chosen:
            widths[ALWAYS] += max(0, left)
        with self._fit_quietly():
            for number, name in shown:
                self.horizontalHeader().resizeSection(number, widths[name])

    def _width_of(self, number: int) -> int:
        px, chosen = current_theme().px, self._choices.widths.get(NAMES[number])
        if chosen is not None:
            return px(chosen)
        heading = self.horizontalHeader().sectionSizeHint(number)
        text = self.fontMetrics().horizontalAdvance(self.runs.longest_text(number))
        needed = max(heading, text + px(_SPACE))
        return max(px(_NARROWEST), min(px(_WIDEST), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._set_heights()
            self._fit()
