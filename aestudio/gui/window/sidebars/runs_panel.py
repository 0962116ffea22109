"""The list of kept runs: a double click opens a run, its context menu renames or removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QInputDialog,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.layouts import column, fill, label
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun


class RunsPanel(QWidget):
    """The runs, newest first, with their last loss."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self._runs: tuple[KeptRun, ...] = ()
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
        self.list.itemActivated.connect(lambda item: session.runs.open(self._run_of(item)))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.empty = PlainLabel(self.tr("Each training is saved here automatically."))
        self.empty.setWordWrap(True)
        set_role(self.empty, "muted")
        column(label(self.tr("Runs"), "label"), self.empty, fill(self.list), on=self)

    def hasHeightForWidth(self) -> bool:
        """No: the list scrolls. Otherwise its preferred height would be the least, and the inspector cut."""
        return False

    def show_state(self, state: StudioState) -> None:
        """Update the list if it changed."""
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

    def _menu(self, position: QPoint) -> None:
        item = self.list.itemAt(position)
        if item is None:
            return
        run = self._run_of(item)
        menu = QMenu(self)
        menu.addAction(self.tr("Open"), lambda: self._session.runs.open(run))
        if not run.shipped:
            menu.addAction(self.tr("Rename ..."), lambda: self._rename(run))
            menu.addAction(self.tr("Move to the trash folder"), lambda: self._session.runs.remove(run))
        open_once(menu, self.list.viewport().mapToGlobal(position))

    def _rename(self, run: KeptRun) -> None:
        title, accepted = QInputDialog.getText(
            self, self.tr("Rename the run"), self.tr("Name"), text=run.title
        )
        if accepted and title.strip():
            self._session.runs.rename(run, title.strip())


# An item stores its row: Qt's strings cannot hold folder names that are not UTF-8.
_ROW = Qt.ItemDataRole.UserRole


def shown_name(run: KeptRun) -> str:
    """Return the text of a run in the list: title and start time, or the title of a pretrained one."""
    record = run.record
    if record is None:
        return one_line(run.title)
    if run.shipped:
        return one_line(run.title).replace(", ", ",\n")  # the second part distinguishes similar models
    title = record.recipe.title if run.title == run.name else run.title
    return f"{one_line(title)}\n{record.created.astimezone():%Y-%m-%d %H:%M}"


def _loss(run: KeptRun) -> str:
    loss = run.last_loss
    return "–" if loss is None else f"{loss:.4g}"
