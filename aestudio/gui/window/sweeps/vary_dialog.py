"""Vary ...: which settings of the recipe vary, how the candidates are compared, and what that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from aestudio.gui.state.next_training import set_up_recipe
from aestudio.gui.state.sweep_state import SweepDraft
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.window.sweeps.sweep_texts import cost_text, metric_choices, varied_settings
from aestudio.gui.window.sweeps.variation_rows import VariationRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.sweep_state import SweepEstimate

_WIDTH, _CHOICE, _COLUMNS = 676, 150, 3  # logical pixels; of the options
_PATIENCE_MILLISECONDS = 500  # after the last change, before the time is measured
_MOST_FOLDS, _MOST_REPEATS, _MOST_COMBINATIONS, _MOST_EPOCHS = 100, 100, 10_000, 100_000
_JOBS = (1, 2, 3, 4, 6, 8, 12, 16, 32)
_USUAL_FOLDS = 5


class VaryDialog(QDialog):
    """About the recipe of the sidebar as it was when the dialog was opened. Training and window go on."""

    def __init__(self, session: Session, parent: QWidget, name: str, begun: Callable[[], None]) -> None:
        """name: of the setting that varies first; begun: called when the sweep has begun"""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._begun = session, begun
        self._recipe = recipe = set_up_recipe(session.state)
        self.setWindowTitle(self.tr("Vary settings of {}").format(recipe.title))
        self.rows = VariationRows(recipe, name)
        self.epochs = self._whole(1, _MOST_EPOCHS, recipe.training.epochs, self.tr("Epochs of each run"))
        self.folds = self._whole(
            0,
            _MOST_FOLDS,
            0 if recipe.training.validation_images else _USUAL_FOLDS,
            self.tr("Parts of a stratified cross-validation; 0: the recipe's own validation images"),
        )
        self.repeats = self._whole(1, _MOST_REPEATS, 1, self.tr("How many times the folds are drawn anew"))
        self.count = self._whole(
            0, _MOST_COMBINATIONS, 0, self.tr("How many of the combinations are tried, drawn; 0: all of them")
        )
        self.compared_by = ChoiceBox(
            self.tr("Compared by"),
            self.tr("On the images that are held back; the test images are not touched"),
            metric_choices(recipe),
            characters=13,
        )
        self.jobs = ChoiceBox(
            self.tr("Runs at a time"),
            self.tr("Each has a process of one thread; automatic: as cores and memory allow"),
            ((None, self.tr("automatic")), *((count, str(count)) for count in _JOBS)),
            characters=13,
        )
        self.cost = label("", "label")
        self.cost.setWordWrap(True)
        self.cost.setMinimumHeight(
            2 * self.cost.fontMetrics().lineSpacing()
        )  # of two lines, so that nothing jumps
        self.start = TextButton("play", self.tr("Start the sweep"), role="primary")
        self.start.setDefault(True)
        self.cancel = TextButton("close", self.tr("Cancel"), role="quiet")
        self.cancel.setAutoDefault(False)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MILLISECONDS)
        self._timer.timeout.connect(self._estimate)
        self._connect()
        self._changed()

    def _whole(self, low: int, high: int, value: int, tip: str) -> WholeBox:
        box = WholeBox()
        box.show_value(value, low, high)
        box.setToolTip(tip)
        return box

    def _lay_out(self) -> None:
        what = label(
            self.tr(
                "Each combination is trained beside the window, and compared on images that are held back."
            )
        )
        what.setWordWrap(True)
        grid = QGridLayout()
        grid.setColumnMinimumWidth(2 * _COLUMNS - 1, current_theme().px(_CHOICE))
        grid.setHorizontalSpacing(current_theme().px(12))
        grid.setVerticalSpacing(current_theme().px(8))
        for number, (text, editor) in enumerate(
            (
                (self.tr("Epochs"), self.epochs),
                (self.tr("Folds"), self.folds),
                (self.tr("Compared by"), self.compared_by),
                (self.tr("Combinations"), self.count),
                (self.tr("Repeats"), self.repeats),
                (self.tr("Runs at a time"), self.jobs),
            )
        ):
            name = label(text)
            name.setBuddy(editor)
            editor.setAccessibleName(text)
            line, place = divmod(number, _COLUMNS)
            grid.addWidget(name, line, 2 * place)
            grid.addWidget(editor, line, 2 * place + 1)
            grid.setColumnStretch(2 * place + 1, 1 + place)  # the last has choices in words
        buttons = row(fill(), self.cancel, self.start)
        column(what, self.rows, grid, fill(), self.cost, buttons, gap=12, margins=16, on=self)
        self.setMinimumWidth(current_theme().px(_WIDTH))

    def _connect(self) -> None:
        self.rows.changed.connect(self._changed)
        for box in (self.epochs, self.folds, self.repeats, self.count):
            box.valueChanged.connect(lambda _: self._changed())
        for choice in (self.compared_by, self.jobs):
            choice.chosen.connect(lambda _: self._changed())
        self.start.clicked.connect(self._start)
        self.cancel.clicked.connect(self.reject)
        self._session.changed.connect(self._refresh)
        self.finished.connect(lambda _: self._session.sweeps.forget_estimate())

    @property
    def draft(self) -> SweepDraft:
        """What is chosen."""
        return SweepDraft(
            self._recipe.with_settings({"epochs": self.epochs.value()}),
            self.rows.vary,
            self.folds.value(),
            self.repeats.value() if self.folds.value() else 1,
            self.count.value() or None,
            self.compared_by.value,
            self.jobs.value,
        )

    def _changed(self) -> None:
        self.repeats.setEnabled(self.folds.value() > 0)
        self._grow()
        self._timer.start()
        self._refresh()

    def _grow(self) -> None:
        """Make space for another row."""
        layout = self.layout()
        if layout is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _estimate(self) -> None:
        self._session.sweeps.estimate(self.draft)

    @property
    def estimate(self) -> SweepEstimate | None:
        """What is known of the present choice; None until it was looked at."""
        known = self._session.state.run_list.sweeps.estimate
        waits = self._timer.isActive()
        return known if known is not None and not waits and known.draft == self.draft else None

    def _refresh(self) -> None:
        known, obstacle = self.estimate, self._session.sweeps.obstacle()
        problem = obstacle or ("" if known is None else known.problem)
        set_role(self.cost, "bad" if problem else "label")
        if problem:
            self.cost.setText(problem)
        elif known is None:
            self.cost.setText(self.tr("What it takes is being measured ..."))
        else:
            self.cost.setText(cost_text(known))
        self.start.setEnabled(not problem and known is not None)

    def _start(self) -> None:
        if self._session.sweeps.begin(self.draft):
            self.accept()
            self._begun()


def show_vary(session: Session, parent: QWidget, name: str, begun: Callable[[], None]) -> None:
    """Open the dialog. name: of the setting that varies first, "" for the recipe's first one"""
    infos = varied_settings(set_up_recipe(session.state))
    names = [info.name for info in infos]
    VaryDialog(session, parent, name if name in names else names[0], begun).open()
