"""The window of all kept runs: find, sort, name, note, tag, remove, restore, thin and compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu

from aestudio.gui.controllers.runs_controller import OPEN
from aestudio.gui.state.run_list_changes import listed_rows
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import keep_length
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.message_panel import MessagePanel
from aestudio.gui.widgets.offer import Entry
from aestudio.gui.widgets.plain_text import menu_text
from aestudio.gui.window.runs.run_details import RunDetails
from aestudio.gui.window.runs.runs_table import RunTable
from aestudio.gui.window.runs.table_choices import read_choices, write_choices
from aestudio.gui.window.runs.undo_line import UndoLine
from aestudio.gui.window.shown_kept_run import shown_kept_run
from aestudio.runs.compared_settings import FEWEST, MOST
from aestudio.runs.run_rows import size_text
from aestudio.runs.thinning import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import ColourRole
    from aestudio.runs.run_rows import RunRow
    from aestudio.runs.thinning import ThinnedRuns

_SIZE, _AROUND, _FILTER = QSize(1560, 900), 40, 160
_UNDER_WAY_MILLISECONDS = 2_000  # as often as a training writes its record
_MOST_RESTORED = 12  # in the menu
_TONES: dict[str, ColourRole] = {"good": "good", "warn": "warn", "bad": "bad", "plain": "muted"}


class RunsWindow(QDialog):
    """Beside the main window, not over a part of it: it has its own Undo, Delete and search.

    comparison_wanted(runs): two to eight runs are to be compared
    sharing_wanted(run):     a run is to be written as one file
    """

    comparison_wanted = Signal(object)
    sharing_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Runs"))
        self._session, self._owner = session, parent
        self._shown, self._asked, self._message_shown = Shown(), Shown(), session.state.message
        self.table = RunTable(read_choices())
        self.details = RunDetails(session)
        self.undo_line = UndoLine(session)
        self.question = MessagePanel()
        self.nothing = label("", "muted")
        self.filter = QLineEdit()
        self.count, self.total, self.message = label("", "muted"), label("", "muted"), ElidedLabel(muted=True)
        self._opening: tuple[Path, ExploredModel | None] | None = None  # with the model before it
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._read_trained_runs)
        self._make_buttons()
        self._lay_out()
        self._connect()
        session.changed.connect(self._refresh)

    def _make_buttons(self) -> None:
        self.open_button = TextButton(
            "folder", self.tr("Open"), tip=self.tr("Show this model in the window (Return or a double click)")
        )
        self.compare_button = TextButton(
            "curve", self.tr("Compare"), tip=self.tr("Compare two to eight selected runs")
        )
        self.rename_button = TextButton(
            "pencil", self.tr("Rename"), tip=self.tr("Type another name into the row (F2)")
        )
        self.remove_button = TextButton(
            "trash", self.tr("Remove"), tip=self.tr("Move the selected runs to the trash folder (Delete)")
        )
        self.columns_button = IconButton("sliders", self.tr("Choose the columns"))
        self.restore_button = TextButton(
            "undo", self.tr("Restore"), tip=self.tr("Bring a removed run back into the list")
        )
        self.thin_button = TextButton(
            "compress",
            self.tr("Thin histories ..."),
            tip=self.tr("Make the histories of large runs smaller; you are told first how much it frees"),
        )
        for button in (*self._actions(), self.restore_button, self.thin_button):
            button.setAutoDefault(False)  # Return belongs to the table

    def _actions(self) -> tuple[TextButton, ...]:
        return self.open_button, self.compare_button, self.rename_button, self.remove_button

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText(self.tr("Filter, or #tag (Ctrl+F)"))
        self.filter.setAccessibleName(self.tr("Filter of the runs"))
        self.filter.setClearButtonEnabled(True)
        keep_length(self.filter, lambda box, theme: box.setMinimumWidth(theme.px(_FILTER)))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setParent(self.table.viewport())
        self.table.viewport().installEventFilter(self)
        column(
            row(*self._actions(), fill(self.filter), self.columns_button),
            fill(self.table),
            self.question,
            self.undo_line,
            self.details,
            row(self.count, self.total, fill(self.message), self.restore_button, self.thin_button, gap=12),
            gap=8,
            margins=12,
            on=self,
        )

    def _connect(self) -> None:
        runs = self._session.runs
        self.table.opened.connect(self._open)
        self.table.removal_wanted.connect(self._remove)
        self.table.selection_changed.connect(self._show_selection)
        self.table.editing_ended.connect(self._refresh)
        self.table.runs.edited.connect(self._edited)
        self.table.entries = self._entries
        self.filter.textChanged.connect(self._filter)
        self.open_button.clicked.connect(lambda: self._open(self.table.selected[0]))
        self.compare_button.clicked.connect(self._compare)
        self.rename_button.clicked.connect(self._rename)
        self.remove_button.clicked.connect(self._remove)
        self.columns_button.clicked.connect(
            lambda: self._open_below(self.table.column_menu(), self.columns_button)
        )
        self.restore_button.clicked.connect(self._open_restore_menu)
        self.thin_button.clicked.connect(runs.plan_thinning)
        self.question.chosen.connect(lambda answer: runs.thin() if answer == "thin" else runs.drop_plan())
        self.question.dismissed.connect(runs.drop_plan)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, runs.undo_removal)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._find)

    # ---- opening and closing ----------------------------------------------------------------------

    def open_at(self) -> None:
        """Show the window, or bring it to the front, and read the list again."""
        if not self.isVisible():
            around = self._owner.window().size() - QSize(_AROUND, _AROUND)
            self.resize(_SIZE.boundedTo(around))
            self._message_shown = self._session.state.message
            self._session.runs.refresh()
            self.show()
            self.resize(_SIZE.boundedTo(around))  # again: its parts have the present type only once shown
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shown.forget()
        self._clock.start(_UNDER_WAY_MILLISECONDS)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._opening = None
        self._clock.stop()
        self.details.keep()
        write_choices(self.table.choices)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the filter to the table, and Return, too; Escape empties the filter first."""
        if self.filter.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._to_table()
        elif event.key() == Qt.Key.Key_Escape and self.filter.hasFocus() and self.filter.text():
            self.filter.clear()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.table.viewport():
            self.nothing.setGeometry(self.table.viewport().rect())
        return False

    def _find(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _to_table(self) -> None:
        self.table.setFocus()
        if not self.table.selected and self.table.runs.rows:
            self.table.selectRow(0)

    # ---- what it shows ----------------------------------------------------------------------------

    def _refresh(self) -> None:
        if self.isVisible():
            self.show_state(self._session.state)

    def show_state(self, state: StudioState) -> None:
        """Show the runs; while a name is typed, the rows stay as they are."""
        self._show_message(state)
        self._close_once_shown(state)
        self.undo_line.show_state(state)
        on_show = _on_show(state)
        if self.table.is_edited or not self._shown.differs(state.runs, state.run_list, str(on_show)):
            return
        self.table.show_rows(listed_rows(state), on_show)
        own = [run for run in state.runs if not run.shipped]
        self.total.setText(self._total(len(own), state.run_list.total))
        self.restore_button.setEnabled(bool(state.run_list.trash))
        self.thin_button.setEnabled(bool(own))
        self._ask(state.run_list.thinning)
        self._count()
        self._show_selection()

    def _read_trained_runs(self) -> None:
        """Read the runs again that somebody trains, also in another window: their files grow."""
        trained = [row.run.folder for row in listed_rows(self._session.state) if row.under_way]
        if trained and not self.table.is_edited:
            self._session.runs.read_again(trained)

    def _show_message(self, state: StudioState) -> None:
        message = state.message
        told = "" if message is self._message_shown else message.text
        opening = self._opening is not None and OPEN in state.tasks
        self.message.set_text(self.tr("Opening the run ...") if opening else told)
        self.message.set_colour("muted" if opening else _TONES[message.tone])

    def _total(self, count: int, total: int | None) -> str:
        if not count:
            return self.tr("Each training is saved here automatically.")
        if total is None:
            return self.tr("Measuring the runs ...")
        if count == 1:
            return self.tr("One run takes {}").format(size_text(total))
        return self.tr("{} runs take {}").format(f"{count:,}", size_text(total))

    def _count(self) -> None:
        shown, state = len(self.table.runs.rows), self._session.state
        read, unread = len(listed_rows(state)), state.run_list.unread
        if unread and read < len(state.runs):
            text = self.tr("Read {} of {}").format(f"{read:,}", f"{len(state.runs):,}")
        elif shown < read:
            text = self.tr("{} of {}").format(f"{shown:,}", f"{read:,}")
        else:
            text = ""
        self.count.setText(text)
        self.count.setVisible(bool(text))
        self.nothing.setText("" if shown or not read else self.tr("No run has all of these words."))

    def _show_selection(self) -> None:
        rows = self.table.selected
        own = [one for one in rows if not one.run.shipped]
        self.details.show_rows(rows)
        self.open_button.setEnabled(len(rows) == 1)
        self.compare_button.setEnabled(FEWEST <= len(rows) <= MOST)
        self.rename_button.setEnabled(len(own) == len(rows) == 1)
        self.remove_button.setEnabled(bool(own))

    def _ask(self, plan: ThinnedRuns | None) -> None:
        """Say what thinning would free, and ask: once, or its buttons would be made again under the mouse."""
        if not self._asked.differs(plan):
            return
        self.details.setVisible(plan is None)  # a low window has not the height for both
        if plan is None:
            self.question.clear()
            return
        if not plan.runs:
            self.question.show_message(
                self.tr("There is nothing to thin."),
                advice=self.tr("No run takes more than {}, or what is larger is needed.").format(
                    size_text(LIMIT)
                ),
                kind="note",
                actions=(("keep", "check", self.tr("Close")),),
            )
            return
        asked = self.tr("Thin {} histories? This frees {}.")
        if len(plan.runs) == 1:
            asked = self.tr("Thin {} history? This frees {}.")
        advice = self.tr(
            "Checkpoints of the past go until each run takes {} at most; they cannot be brought back. The "
            "result, the curves, the first and last checkpoint and where branches begin all stay."
        )
        self.question.show_message(
            asked.format(len(plan.runs), size_text(plan.freed)),
            advice=advice.format(size_text(LIMIT)),
            kind="warning",
            actions=(("keep", "close", self.tr("Keep them")), ("thin", "compress", self.tr("Thin"))),
        )

    # ---- what the user does -----------------------------------------------------------------------

    def _filter(self, text: str) -> None:
        self.table.runs.set_filter(text)
        self._count()

    def _open(self, chosen: RunRow) -> None:
        """Open a run; the window stays until the run is shown, or says here why it is not."""
        before = self._session.state.model
        self._session.runs.open(chosen.run)
        state = self._session.state
        if OPEN in state.tasks:
            self._opening = chosen.run.folder, before
            self._show_message(state)
        elif _on_show(state) == chosen.run.folder:  # the training, which needs not be read
            self.close()

    def _close_once_shown(self, state: StudioState) -> None:
        """Close once the run that was chosen has been read and is on the screen."""
        if self._opening is None or OPEN in state.tasks:
            return
        (folder, before), self._opening = self._opening, None
        if state.model is not before and _on_show(state) == folder:
            self.close()

    def _compare(self) -> None:
        self.comparison_wanted.emit(tuple(one.run for one in self.table.selected))

    def _rename(self) -> None:
        self.table.setFocus()
        self.table.edit_name()

    def _edited(self, edited: RunRow, name: str, text: str) -> None:
        if name == "tags":
            tags = [tag.strip().removeprefix("#") for tag in text.split(",")]
            self._session.runs.change_tags([edited.run], [tag for tag in tags if tag], edited.tags)
        elif text:
            self._session.runs.rename(edited.run, text)

    def _remove(self) -> None:
        own = [one.run for one in self.table.selected if not one.run.shipped]
        if own:
            self._session.runs.remove(*own)

    def _entries(self) -> tuple[Entry, ...]:
        """What the context menu of the table offers for the selected runs."""
        rows, entries = self.table.selected, []
        if len(rows) == 1:
            folder = QUrl.fromLocalFile(str(rows[0].run.folder))
            entries.append(Entry(self.tr("Open\tReturn"), lambda: self._open(rows[0])))
            if not rows[0].run.shipped:
                entries.append(Entry(self.tr("Rename\tF2"), self._rename))
                entries.append(Entry(self.tr("Share ..."), lambda: self.sharing_wanted.emit(rows[0].run)))
            entries.append(Entry(self.tr("Show its folder"), lambda: QDesktopServices.openUrl(folder)))
        if self.compare_button.isEnabled():
            entries.append(Entry(self.tr("Compare"), self._compare))
        if self.remove_button.isEnabled():
            entries.append(Entry(self.tr("Move to the trash folder\tDel"), self._remove))
        return tuple(entries)

    def _open_restore_menu(self) -> None:
        menu = QMenu(self)
        for one in self._session.state.run_list.trash[:_MOST_RESTORED]:
            text = self.tr("{}, removed {}, {}").format(
                menu_text(one.title), f"{one.date.astimezone():%Y-%m-%d %H:%M}", size_text(one.size)
            )
            menu.addAction(text, lambda folder=one.run.folder: self._session.runs.restore(folder))
        self._open_below(menu, self.restore_button)

    def _open_below(self, menu: QMenu, button: QWidget) -> None:
        open_once(menu, button.mapToGlobal(button.rect().bottomLeft()))


def _on_show(state: StudioState) -> Path | None:
    """The folder of the run, or of the shipped model, whose model the main window shows."""
    run = shown_kept_run(state)
    return None if run is None else run.folder
