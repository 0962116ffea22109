"""Kept runs: open one with a double click; rename or remove it from its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QInputDialog,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun


class RunsPanel(QWidget):
    """A list of runs, newest first, with their last loss."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self._runs: tuple[KeptRun, ...] = ()
        heading = PlainLabel(self.tr("Runs"))
        set_role(heading, "label")
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("Name"), self.tr("Loss")])
        self.list.setRootIsDecorated(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setAccessibleName(self.tr("Kept runs"))
        self.list.setToolTip(self.tr("Double-click or press Return to open a run exactly as it was"))
        self.list.itemActivated.connect(lambda item: session.runs.open(self._run_of(item).name))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.empty = PlainLabel(self.tr("Each training is kept here by itself."))
        self.empty.setWordWrap(True)
        set_role(self.empty, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(8))
        column.addWidget(heading)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)

    def show_state(self, state: StudioState) -> None:
        """Show the list where it changed."""
        if state.runs is self._shown:
            return
        self._shown = state.runs
        self._runs = state.runs
        self.empty.setVisible(not any(not run.shipped for run in state.runs))
        self.list.clear()
        for row, run in enumerate(state.runs):
            item = QTreeWidgetItem([shown_name(run), _loss(run)])
            item.setData(0, _ROW, row)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            item.setToolTip(0, f"{one_line(run.title)}\n{run.describe()}")
            self.list.addTopLevelItem(item)

    def _run_of(self, item: QTreeWidgetItem) -> KeptRun:
        return self._runs[item.data(0, _ROW)]

    def _menu(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        run = self._run_of(item)
        menu = QMenu(self)
        menu.addAction(self.tr("Open"), lambda: self._session.runs.open(run.name))
        if not run.shipped:
            menu.addAction(self.tr("Rename ..."), lambda: self._rename(run))
            menu.addAction(self.tr("Move to the trash folder"), lambda: self._session.runs.remove(run))
        open_once(menu, self.list.viewport().mapToGlobal(at))

    def _rename(self, run: KeptRun) -> None:
        title, sure = QInputDialog.getText(self, self.tr("Rename the run"), self.tr("Name"), text=run.title)
        if sure and title.strip():
            self._session.runs.rename(run, title.strip())


# Qt's texts lose what is no UTF-8 in a folder's name: an item knows its place only.
_ROW = Qt.ItemDataRole.UserRole


def shown_name(run: KeptRun) -> str:
    """What to call a run in a narrow list: its title, and below when it began; a shipped one by its title."""
    record = run.record
    if record is None:
        return one_line(run.title)
    if run.shipped:
        return one_line(run.title).replace(", ", ",\n")  # what follows tells it from its relatives
    title = record.recipe.title if run.title == run.name else run.title
    return f"{one_line(title)}\n{record.created.astimezone():%Y-%m-%d %H:%M}"


def _loss(run: KeptRun) -> str:
    loss = run.last_loss
    return "–" if loss is None else f"{loss:.4g}"
