"""The window of the kept sweeps: a list, and beside it what the chosen one has found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QProgressBar, QSplitter, QStackedWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.empty_state import EmptyState
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, labelled, row
from aestudio.gui.widgets.offer import Entry
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.save_dialog import open_save_dialog
from aestudio.gui.window.sweeps.result_pages import ResultPages
from aestudio.gui.window.sweeps.sweep_texts import choice_text, metric_title, running_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.sweep_state import ListedSweep, SweepsState

_SIZE, _AROUND, _LIST = QSize(1360, 900), 24, 250
_SHARE = 0.2  # of the list at most, so that every tab has its place
_LONGEST = 60
_KEY = Qt.ItemDataRole.UserRole


class SweepsWindow(QDialog):
    """It stays open beside a training, and follows a sweep that is carried out."""

    def __init__(self, session: Session, parent: QWidget, vary: Callable[[], None]) -> None:
        """vary: opens the dialog in which a sweep is set up"""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sweeps"))
        self._session, self._owner, self._vary = session, parent, vary
        self._shown, self._shown_name = Shown(), ""
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Kept sweeps, the newest first"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.heading = label("", "label")
        self.choice = label("")
        self.choice.setWordWrap(True)
        self.metric_box = ChoiceBox(
            self.tr("Compared by"), self.tr("On the images that are held back"), characters=20
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Runs that are done"))
        self.state_text = label("")
        self.pages = ResultPages()
        self.empty = EmptyState(
            "grid",
            self.tr("No sweep yet: vary a setting of the recipe, and compare what comes of it."),
            self.tr("Vary settings ..."),
        )
        self._make_buttons()
        self._lay_out()
        self.list.currentItemChanged.connect(self._choose)
        self.metric_box.chosen.connect(lambda name: session.sweeps.choose(self._chosen, name))
        self.pages.chosen.connect(self._show_buttons)
        self.pages.table.opened.connect(self._open_run)
        self.pages.table.entries = self._entries
        self.empty.pressed.connect(vary)
        session.changed.connect(self._refresh)

    def _make_buttons(self) -> None:
        self.vary = TextButton("plus", self.tr("Vary ..."), tip=self.tr("Sets up a new sweep"))
        self.go_on = TextButton("play", self.tr("Continue"))
        self.open_run = TextButton(
            "expand", self.tr("Open the run"), tip=self.tr("Shows the first run of the selected candidate")
        )
        self.take = TextButton(
            "sliders",
            self.tr("Take these settings"),
            tip=self.tr("The sidebar has the recipe with the settings of the selected candidate"),
        )
        self.export = TextButton(
            "export", self.tr("Save as CSV ..."), tip=self.tr("Each candidate with every score")
        )
        for button in (self.vary, self.go_on, self.open_run, self.take, self.export):
            button.setAutoDefault(False)
        self.vary.clicked.connect(self._vary)
        self.go_on.clicked.connect(self._toggle)
        self.open_run.clicked.connect(self._open_run)
        self.take.clicked.connect(self._take)
        self.export.clicked.connect(self._ask_path)

    def _lay_out(self) -> None:
        results = column(
            row(fill(self.heading), labelled(self.tr("Compared by"), self.metric_box)),
            self.choice,
            row(fill(self.progress), self.state_text, self.go_on),
            fill(self.pages),
            row(self.open_run, self.take, fill(), self.export),
            gap=8,
            margins=(12, 0, 0, 0),
        )
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setProperty("role", "gap")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(boxed(column(fill(self.list), self.vary, gap=8)))
        splitter.addWidget(boxed(results))
        splitter.setStretchFactor(1, 1)
        self.splitter = splitter
        self.stack = QStackedWidget()
        self.stack.addWidget(splitter)
        self.stack.addWidget(self.empty)
        column(fill(self.stack), margins=12, on=self)

    def open_at(self) -> None:
        """Show the window, or bring it to the front, and read the sweeps again."""
        if not self.isVisible():
            self.resize(_SIZE.boundedTo(self._owner.window().size() - QSize(_AROUND, _AROUND)))
            narrow = min(current_theme().px(_LIST), round(_SHARE * self.width()))
            self.splitter.setSizes([narrow, self.width() - narrow])
        self._shown.forget()
        self.show()
        self._session.sweeps.refresh()
        self._refresh()
        self.raise_()
        self.activateWindow()

    # ---- what it shows ----------------------------------------------------------------------------

    @property
    def _sweeps(self) -> SweepsState:
        return self._session.state.run_list.sweeps

    @property
    def _chosen(self) -> str:
        return self._sweeps.chosen

    def _refresh(self) -> None:
        sweeps = self._sweeps
        if not self.isVisible() or not self._shown.differs(
            sweeps.listed, sweeps.chosen, sweeps.shown, sweeps.running
        ):
            return
        listed = sweeps.listed
        self.stack.setCurrentIndex(1 if listed == () and sweeps.running is None else 0)
        self._fill_list(listed or ())
        if listed and not sweeps.chosen:
            self._session.after_showing(lambda: self._session.sweeps.choose(listed[0].name))
        self._show_sweep(sweeps)
        self._show_progress(sweeps)
        self._show_buttons()

    def _fill_list(self, listed: tuple[ListedSweep, ...]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for one in listed:
            carried_out = self._sweeps.is_carried_out(one.name)
            item = QListWidgetItem(f"{one_line(one.name, _LONGEST)}\n{self._state_of(one, carried_out)}")
            item.setData(_KEY, one.name)
            item.setToolTip(one.problem or f"{one.name}\n{one.title}")
            self.list.addItem(item)
            if one.name == self._chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def _state_of(self, one: ListedSweep, carried_out: bool) -> str:
        if one.problem:
            return self.tr("cannot be read")
        if one.done == one.runs:
            return self.tr("{} runs").format(one.runs)
        text = self.tr("{} of {} runs") if carried_out else self.tr("{} of {} runs, paused")
        return text.format(one.done, one.runs)

    def _show_sweep(self, sweeps: SweepsState) -> None:
        shown = sweeps.shown
        if shown is None:
            self.heading.setText(one_line(sweeps.chosen, _LONGEST))
            self.choice.setText("")
            self.pages.show_summary(None, "", other=True)
            self.metric_box.set_entries(())
            return
        plan, results = shown.plan, shown.summary.results
        self.heading.setText(one_line(f"{plan.recipe.title}: {plan.name}", _LONGEST))
        self.choice.setText(choice_text(results))
        names = shown.metrics or (plan.metric,)
        self.metric_box.set_entries((name, metric_title(name, plan.recipe)) for name in names)
        self.metric_box.show_value(results.metric)
        title = metric_title(results.metric, plan.recipe)
        self.pages.show_summary(shown.summary, title, other=plan.name != self._shown_name)
        self._shown_name = plan.name

    def _listed(self) -> ListedSweep | None:
        return next((one for one in self._sweeps.listed or () if one.name == self._chosen), None)

    def _show_progress(self, sweeps: SweepsState) -> None:
        one, running = self._listed(), sweeps.running
        carried_out = running is not None and running.name in ("", sweeps.chosen)
        waits = one is not None and not one.problem and one.done < one.runs
        for part in (self.progress, self.state_text, self.go_on):
            part.setVisible(carried_out or waits)
        done, runs = (0, 1) if one is None else (one.done, one.runs)
        text = "" if one is None else self._state_of(one, carried_out)
        if running is not None and carried_out:
            done, runs, text = running.done, running.runs or runs, running_text(running)
        self.progress.setRange(0, max(1, runs))
        self.progress.setValue(done)
        self.state_text.setText(text)
        self.go_on.setText(self.tr("Pause") if carried_out else self.tr("Continue"))
        self.go_on.set_icon("pause" if carried_out else "play")
        self.go_on.setToolTip(
            self.tr("The runs stop after their step; all that is done is kept")
            if carried_out
            else self.tr("Goes on exactly where each run was, also after a crash")
        )
        pausing = running is not None and running.pausing
        self.go_on.setEnabled(not pausing and (carried_out or running is None))

    def _show_buttons(self) -> None:
        selected = self.pages.selected
        self.open_run.setEnabled(selected is not None and bool(selected.runs))
        self.take.setEnabled(selected is not None)
        self.export.setEnabled(self._sweeps.shown is not None)

    # ---- what the user does -----------------------------------------------------------------------

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._session.sweeps.choose(item.data(_KEY))

    def _toggle(self) -> None:
        running = self._sweeps.running
        if running is not None:
            self._session.sweeps.pause()
        elif self._chosen:
            self._session.sweeps.go_on(self._chosen)

    def _open_run(self) -> None:
        selected = self.pages.selected
        if selected is not None and selected.runs:
            self._session.runs.open(selected.runs[0])

    def _take(self) -> None:
        selected, shown = self.pages.selected, self._sweeps.shown
        if selected is not None and shown is not None:
            self._session.recipe.choose_recipe(shown.plan.recipe.with_settings(dict(selected.settings)))

    def _entries(self) -> tuple[Entry, ...]:
        selected = self.pages.selected
        none = "" if selected is not None else self.tr("Select a candidate first.")
        no_run = none or ("" if selected and selected.runs else self.tr("None of its runs is done yet."))
        return (
            Entry(self.tr("Open the run"), self._open_run, obstacle=no_run),
            Entry(self.tr("Take these settings"), self._take, obstacle=none),
        )

    def _ask_path(self) -> None:
        title, name = self.tr("Save the candidates"), f"{self._chosen}.csv"
        open_save_dialog(self, title, self.tr("Table"), name, self.write_csv)

    def write_csv(self, path: Path) -> None:
        """Write the shown candidates; a message says where, or why not."""
        self._session.sweeps.write_csv(path)
