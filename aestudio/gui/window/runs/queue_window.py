"""The window of the queue: the trainings that wait, in their order, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
)

from aestudio.datasets.catalogue import dataset_menu
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.training_queue import is_busy
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, label, labelled, row
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.queue_file import QueuedTraining

translate = QCoreApplication.translate

_SIZE = QSize(820, 420)
_LONGEST = 36  # characters of a recipe's title; the whole one is in the tooltip
_KEY = Qt.ItemDataRole.UserRole
_NAME, _CHANGES, _DATA, _STATE = range(4)
_OWN, _FOLDER, _FILE = "its own", "folder ...", "file ..."


class QueueList(QTreeWidget):
    """One row for each training, the next one first. entries: what its context menu offers for a key"""

    entries: Callable[[str], tuple[Entry, ...]] | None = None
    removal_wanted: Callable[[], None] | None = None

    def offer_at(self, at: QPoint | None) -> Offer:
        """What can be done with the training at the pointer, or the selected one."""
        item = self.currentItem() if at is None else self.itemAt(self.viewport().mapFromParent(at))
        if item is None or self.entries is None:
            return Offer()
        return Offer(what=item.text(_NAME), entries=self.entries(item.data(_NAME, _KEY)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.removal_wanted is not None:
            self.removal_wanted()
        else:
            super().keyPressEvent(event)


class QueueWindow(QDialog):
    """Beside the main window; it stops neither the training nor that window."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Queue of trainings"))
        self._session, self._owner = session, parent
        self._shown = Shown()
        self.heading = label("", "label")
        self.list = QueueList()
        self.list.setHeaderLabels(
            [self.tr("Recipe"), self.tr("What differs"), self.tr("Data set"), self.tr("State")]
        )
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setAccessibleName(self.tr("Trainings that wait, the next one first"))
        self.list.entries = self._entries
        self.list.removal_wanted = self._remove
        header = self.list.header()
        header.setStretchLastSection(False)
        for part, mode in (
            (_NAME, QHeaderView.ResizeMode.ResizeToContents),
            (_CHANGES, QHeaderView.ResizeMode.Stretch),
            (_DATA, QHeaderView.ResizeMode.ResizeToContents),
            (_STATE, QHeaderView.ResizeMode.ResizeToContents),
        ):
            header.setSectionResizeMode(part, mode)
        self.note = label("", "muted")
        self.note.setWordWrap(True)
        self._make_buttons()
        column(
            row(fill(self.heading), self.go_on),
            fill(self.list),
            self.note,
            row(self.up, self.down, self.run_now, labelled(self.tr("Data"), self.data), fill(), self.remove),
            gap=8,
            margins=16,
            on=self,
        )
        self.list.currentItemChanged.connect(lambda: self._show_selection(session.state))
        session.changed.connect(self._refresh)

    def _make_buttons(self) -> None:
        queue = self._session.queue
        self.go_on = TextButton("play", self.tr("Start the queue"))
        self.go_on.clicked.connect(self._toggle)
        self.data = ChoiceBox(
            self.tr("Data set of the selected training"),
            self.tr("The images that the selected training uses; they are loaded when it begins"),
            characters=18,
        )
        self.data.chosen.connect(self._choose_data)
        self.up = IconButton("chevron-up", self.tr("Train it earlier"), role="")
        self.down = IconButton("chevron-down", self.tr("Train it later"), role="")
        self.run_now = TextButton("play", self.tr("Train now"), tip=self.tr("The others follow after it"))
        self.remove = TextButton("trash", self.tr("Remove"), tip=self.tr("Take it out of the queue (Delete)"))
        self.up.clicked.connect(lambda: queue.move(self.selected, -1))
        self.down.clicked.connect(lambda: queue.move(self.selected, 1))
        self.run_now.clicked.connect(lambda: queue.run_now(self.selected))
        self.remove.clicked.connect(self._remove)
        for button in (self.go_on, self.run_now, self.remove):
            button.setAutoDefault(False)

    @property
    def selected(self) -> str:
        """The key of the selected training, "" if none is."""
        item = self.list.currentItem()
        return "" if item is None else item.data(_NAME, _KEY)

    def open_at(self) -> None:
        """Show the window, or bring it to the front."""
        px = current_theme().px
        self.resize(QSize(px(_SIZE.width()), px(_SIZE.height())).boundedTo(self._owner.window().size()))
        self._shown.forget()
        self.show()
        self._refresh()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._shown.forget()
            self._refresh()

    # ---- showing --------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self._session.state
        queue, busy = state.queue, is_busy(state)
        if not self.isVisible() or not self._shown.differs(queue.entries, queue.waits, queue.running, busy):
            return
        self._fill(queue.entries)
        self.heading.setText(_heading(state))
        self.note.setText(_note(state))
        going = not queue.waits and queue.next is not None
        self.go_on.setText(self.tr("Hold the queue") if going else self.tr("Start the queue"))
        self.go_on.set_icon("pause" if going else "play")
        self.go_on.setToolTip(
            self.tr("What is trained goes on; the next one waits until you start the queue")
            if going
            else self.tr("One after another, the first one as soon as nothing else is trained")
        )
        self.go_on.setEnabled(queue.next is not None)
        self._show_selection(state)

    def _fill(self, entries: tuple[QueuedTraining, ...]) -> None:
        chosen = self.selected
        self.list.blockSignals(True)
        self.list.clear()
        for number, entry in enumerate(entries):
            texts = (
                one_line(entry.of_recipe, _LONGEST),
                one_line(", ".join(entry.changes)) or self.tr("nothing"),
                one_line(entry.data_title),
                self.tr("failed") if entry.problem else self.tr("waits"),
            )
            item = QTreeWidgetItem(list(texts))
            item.setData(_NAME, _KEY, entry.key)
            for part, text in enumerate(texts):
                item.setToolTip(part, text)
            item.setToolTip(_NAME, one_line(entry.title))
            if entry.problem:
                item.setToolTip(_STATE, entry.problem)
                item.setForeground(_STATE, QColor(current_theme().bad))
            self.list.addTopLevelItem(item)
            if entry.key == chosen or (number == 0 and not chosen):
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if not self.list.selectedItems() and first is not None:
            self.list.setCurrentItem(first)
        self.list.blockSignals(False)

    def _show_selection(self, state: StudioState) -> None:
        keys = [entry.key for entry in state.queue.entries]
        place = keys.index(self.selected) if self.selected in keys else -1
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < len(keys) - 1)
        self.run_now.setEnabled(place >= 0 and not is_busy(state))
        self.remove.setEnabled(place >= 0)
        self._show_data(state.queue.entries[place] if place >= 0 else None)
        entry = state.queue.entries[place] if place >= 0 else None
        self.note.setText(entry.problem if entry is not None and entry.problem else _note(state))

    def _show_data(self, entry: QueuedTraining | None) -> None:
        """Offer the data sets with a name, and the one of the training if it has none."""
        self.data.setEnabled(entry is not None)
        entries = [(name, title) for name, title, _ in dataset_menu()]
        if entry is not None and entry.origin not in dict(entries):
            entries.insert(0, (_OWN, one_line(entry.data_title, _LONGEST)))
        entries += [(_FOLDER, self.tr("A folder ...")), (_FILE, self.tr("A file (.npz, IDX) ..."))]
        self.data.set_entries(entries)
        if entry is not None:
            self.data.show_value(_OWN if entry.origin not in dict(entries) else entry.origin)

    # ---- acting ---------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        queue = self._session.state.queue
        if not queue.waits and queue.next is not None:
            self._session.queue.hold()
        else:
            self._session.queue.go_on()

    def _choose_data(self, choice: str) -> None:
        """Take the named data set, or ask for a file or folder."""
        key, origin = self.selected, choice
        if choice in (_FOLDER, _FILE):
            title = self.tr("Images of the selected training")
            pattern = self.tr("Images (*.npz *ubyte *.gz *.idx);;All files (*)")
            origin = (
                QFileDialog.getExistingDirectory(self, title)
                if choice == _FOLDER
                else QFileDialog.getOpenFileName(self, title, "", pattern)[0]
            )
        if origin and choice != _OWN:
            self._session.queue.choose_data(key, origin)
        self._show_selection(self._session.state)

    def _remove(self) -> None:
        if self.selected:
            self._session.queue.remove(self.selected)

    def _entries(self, key: str) -> tuple[Entry, ...]:
        queue, state = self._session.queue, self._session.state
        keys = [entry.key for entry in state.queue.entries]
        busy = self.tr("A training runs: stop it first.") if is_busy(state) else ""
        first = self.tr("It is the first already.") if keys[:1] == [key] else ""
        last = self.tr("It is the last already.") if keys[-1:] == [key] else ""
        return (
            Entry(self.tr("Train now"), lambda: queue.run_now(key), obstacle=busy),
            Entry(self.tr("Train it earlier"), lambda: queue.move(key, -1), obstacle=first),
            Entry(self.tr("Train it later"), lambda: queue.move(key, 1), obstacle=last),
            Entry(self.tr("Remove from the queue\tDel"), lambda: queue.remove(key)),
        )


def _heading(state: StudioState) -> str:
    """What is trained, or that nothing is."""
    running = state.queue.running
    if running is not None:
        return translate("QueueWindow", "Being trained: {}").format(one_line(running.title))
    if is_busy(state):
        return translate("QueueWindow", "Another training runs")
    return translate("QueueWindow", "Nothing is trained")


def _note(state: StudioState) -> str:
    """What happens next, and what to do."""
    queue = state.queue
    if not queue.entries:
        return translate(
            "QueueWindow",
            "Nothing waits. Set up a recipe in the sidebar, also while a training runs, and add it to the "
            "queue (Ctrl+Shift+Return).",
        )
    if queue.next is None:
        return translate("QueueWindow", "What is left has failed: train it now, or remove it.")
    if queue.waits:
        return translate("QueueWindow", "The queue waits: nothing of it begins until you start it.")
    return translate(
        "QueueWindow",
        "Each training begins when the one before it has ended. If you stop one, the queue waits.",
    )
