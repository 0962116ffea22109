"""The newest kept runs: a double click opens one; the window of all runs has the others, and does more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from aestudio.gui.state.shown import Shown
from aestudio.gui.state.training_group import trained_runs
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.gui.window.name_run import ask_name
from aestudio.gui.window.runs.runs_table import KEYS
from aestudio.gui.window.runs.undo_line import UndoLine
from aestudio.gui.window.sidebars.name_lines import in_lines
from aestudio.runs.run_rows import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun
    from aestudio.runs.run_rows import RunRow

translate = QCoreApplication.translate

_BESIDE_NAME = 16  # logical pixels of its column: the padding of an entry
MOST = 24  # kept runs; the shipped models are below them


class RunsList(QTreeWidget):
    """The list with the keys of the table of all runs. rename_wanted(item), removal_wanted(item)

    entries: set by the panel: what the context menu offers for an item
    """

    entries: Callable[[QTreeWidgetItem], tuple[Entry, ...]] | None = None

    rename_wanted = Signal(QTreeWidgetItem)
    removal_wanted = Signal(QTreeWidgetItem)

    def offer_at(self, at: QPoint | None) -> Offer:
        """What the panel offers for the item at the pointer, or the one that the keys are about."""
        item = self.currentItem() if at is None else self.itemAt(self.viewport().mapFromParent(at))
        if item is None or self.entries is None:
            return Offer()
        return Offer(what=item.text(0), entries=self.entries(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = {"runs.rename": self.rename_wanted, "runs.remove": self.removal_wanted}
        signal, item = wanted.get(KEYS.command(event)), self.currentItem()
        if signal is not None and item is not None:
            signal.emit(item)
        else:
            super().keyPressEvent(event)


class RunsPanel(QWidget):
    """The newest runs with their last loss, and the shipped models. all_runs: the button for all of them

    sharing_wanted(run): a run is to be written as one file
    """

    sharing_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = Shown()
        self._runs: tuple[KeptRun, ...] = ()
        self._items: dict[Path, QTreeWidgetItem] = {}
        self._names: list[tuple[str, str]] = []  # of each item: its name, and the line below it
        self.list = RunsList()
        self.list.setHeaderLabels([self.tr("Name"), self.tr("Loss")])
        self.list.setRootIsDecorated(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # what tells names apart is at their end
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.sectionResized.connect(self._break_names)
        self.list.setAccessibleName(self.tr("Kept runs"))
        self.list.setToolTip(self.tr("Double-click or press Return to open a run exactly as it was"))
        self.list.itemActivated.connect(lambda item: session.runs.open(self._run_of(item)))
        self.list.rename_wanted.connect(lambda item: self._rename(self._run_of(item)))
        self.list.removal_wanted.connect(lambda item: self._remove(self._run_of(item)))
        self.list.entries = self._entries
        self.empty = PlainLabel(self.tr("Each training is saved here automatically."))
        self.empty.setWordWrap(True)
        set_role(self.empty, "muted")
        self.all_runs = TextButton(
            "expand",
            self.tr("All runs"),
            tip=self.tr("Find, sort, name, compare and remove runs in a table (Ctrl+Shift+R)"),
            role="quiet",
        )
        self.undo_line = UndoLine(session, narrow=True)
        heading = row(label(self.tr("Runs"), "label"), fill(), self.all_runs)
        column(heading, self.empty, fill(self.list), self.undo_line, on=self)

    def hasHeightForWidth(self) -> bool:
        """No: the list scrolls. Otherwise its preferred height would be the least, and the inspector cut."""
        return False

    def show_state(self, state: StudioState) -> None:
        """Update the list if it changed."""
        self.undo_line.show_state(state)
        trained = trained_runs(state)
        phases = " ".join(f"{folder}: {run.phase}" for folder, run in trained.items())
        if self._shown.differs(state.runs, state.run_list.rows, phases):
            self._fill(state, trained)
        for folder, run in trained.items():
            item = self._items.get(folder)
            loss = _newest_loss(run)
            if item is not None and loss:
                item.setText(1, loss)

    def _fill(self, state: StudioState, trained: Mapping[Path, RunState]) -> None:
        """Write the entries; those that stay keep their place, and what is selected stays selected."""
        kept = [run for run in state.runs if not run.shipped]
        self._runs = (*kept[:MOST], *(run for run in state.runs if run.shipped))
        self.empty.setVisible(not kept)
        if [run.folder for run in self._runs] != list(self._items):
            self._make_items()
        self._names = []
        for run, item in zip(self._runs, self._items.values(), strict=True):
            known = state.run_list.rows.get(run.folder)
            self._names.append(shown_name(run, known, _phase_word(trained.get(run.folder))))
            item.setText(1, _loss(run))
            item.setToolTip(0, f"{one_line(run.title if known is None else known.name)}\n{run.describe()}")
        self._break_names()

    def _break_names(self) -> None:
        """Write each name in as many lines as the width of the column demands."""
        width = self.list.columnWidth(0) - current_theme().px(_BESIDE_NAME)
        width_of = self.list.fontMetrics().horizontalAdvance
        for (name, below), item in zip(self._names, self._items.values(), strict=False):
            text = in_lines(name, width, width_of)
            item.setText(0, f"{text}\n{below}" if below else text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._break_names()

    def _make_items(self) -> None:
        chosen = self.selected
        self.list.clear()
        self._items = {run.folder: QTreeWidgetItem() for run in self._runs}
        for number, item in enumerate(self._items.values()):
            item.setData(0, _ROW, number)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            self.list.addTopLevelItem(item)
        if chosen is not None and chosen.folder in self._items:
            self.list.setCurrentItem(self._items[chosen.folder])

    @property
    def selected(self) -> KeptRun | None:
        """The run that is selected in the list."""
        chosen = self.list.selectedItems()
        return next((self._run_of(item) for item in chosen), None)

    def _run_of(self, item: QTreeWidgetItem) -> KeptRun:
        return self._runs[item.data(0, _ROW)]

    def _entries(self, item: QTreeWidgetItem) -> tuple[Entry, ...]:
        """What the context menu of the list offers for a run."""
        run = self._run_of(item)
        opening = Entry(self.tr("Open\tReturn"), lambda: self._session.runs.open(run))
        if run.shipped:
            return (opening,)
        return (
            opening,
            Entry(self.tr("Rename ...\tF2"), lambda: self._rename(run)),
            Entry(self.tr("Share ..."), lambda: self.sharing_wanted.emit(run)),
            Entry(self.tr("Move to the trash folder\tDel"), lambda: self._remove(run)),
        )

    def _remove(self, run: KeptRun) -> None:
        if not run.shipped:
            self._session.runs.remove(run)

    def _rename(self, run: KeptRun) -> None:
        ask_name(self._session, self, run)


# An item stores its row: Qt's strings cannot hold folder names that are not UTF-8.
_ROW = Qt.ItemDataRole.UserRole


def shown_name(run: KeptRun, known: RunRow | None = None, phase: str = "") -> tuple[str, str]:
    """The texts of a run in the list: its name, and below it start time and size; of a shipped model "".

    known: its row, None until it is read; the year is in the tooltip
    phase: what stands in place of the size, which grows while it is trained
    """
    record = run.record
    if record is None or run.shipped:
        return one_line(run.title), ""
    title = record.recipe.title if run.title == run.name else run.title
    begun = record.created.astimezone()
    if known is None:
        return one_line(title), f"{begun:%Y-%m-%d %H:%M}"
    return one_line(known.name), f"{begun:%m-%d %H:%M}, {phase or size_text(known.size)}"


def _phase_word(run: RunState | None) -> str:
    if run is None:
        return ""
    paused = run.phase == "paused"
    return translate("RunsPanel", "paused") if paused else translate("RunsPanel", "training")


def _newest_loss(run: RunState) -> str:
    """The newest validation loss of a run that is trained; "" before there is one."""
    if run.snapshot is None:
        return ""
    loss = run.validation.last(run.snapshot.recipe.objective.terms()[0].name)
    return "" if loss is None else f"{loss:.4g}"


def _loss(run: KeptRun) -> str:
    loss = run.last_loss
    return "–" if loss is None else f"{loss:.4g}"
