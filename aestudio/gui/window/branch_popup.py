"""The little form of a branch: which setting is another one from here on, and what it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.setting_editors import editor_for
from aestudio.gui.widgets.setting_form import reason_of
from aestudio.recipes.branching import branchable, branched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent

    from aestudio.gui.widgets.setting_editors import Editor
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.checkpoint_history import HistoryCheckpoint

_WIDTH = 340


class BranchPopup(QFrame):
    """Lies over the window above a button; closes with Escape or a click elsewhere.

    No window of its own: those cannot take the keyboard on every platform.

    accepted: the changes, by name, with which the branch is to begin
    """

    accepted = Signal(dict)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        set_role(self, "raised")
        self.setAccessibleName(self.tr("Branch from this checkpoint"))
        self.heading = PlainLabel()
        set_role(self.heading, "label")
        self.setting = QComboBox()
        self.setting.setAccessibleName(self.tr("Setting to change"))
        self.setting.setToolTip(
            self.tr(
                "What changes from here on. The network's layers, the batch size and the validation "
                "images stay: the weights would not fit, or a step would be another number of images."
            )
        )
        self.setting.activated.connect(self._show_editor)
        self.help = PlainLabel()
        self.help.setWordWrap(True)
        set_role(self.help, "muted")
        self.message = PlainLabel()
        self.message.setWordWrap(True)
        set_role(self.message, "bad")
        self.begin = TextButton("branch", "", role="primary")
        self.begin.clicked.connect(self.accept)
        self.editor: Editor | None = None
        self._recipe: Recipe | None = None
        self._values: dict[str, Any] = {}
        self._begin_tip = ""
        self._corner = QPoint()
        self._button: QWidget | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        theme = current_theme()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(16))
        column.setSpacing(theme.px(8))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(1, 1)
        for row, text in enumerate((self.tr("Setting"), self.tr("Becomes"))):
            label = PlainLabel(text)
            set_role(label, "muted")
            self._grid.addWidget(label, row, 0)
        self._grid.addWidget(self.setting, 0, 1)
        column.addWidget(self.heading)
        column.addLayout(self._grid)
        column.addWidget(self.help)
        column.addWidget(self.message)
        column.addWidget(self.begin)
        keep_length(self, lambda popup, theme: popup.setFixedWidth(theme.px(_WIDTH)))

    def open_above(
        self,
        button: QWidget,
        recipe: Recipe,
        live: Mapping[str, float],
        history_checkpoint: HistoryCheckpoint,
        training: bool,
    ) -> None:
        """Offer the settings of the run's recipe at a checkpoint.

        live: those that were moved while training; training: whether one is at work, which would be stopped
        """
        self._recipe = recipe
        at_end = history_checkpoint.epoch >= recipe.training.epochs
        infos = [info for info in branchable(recipe) if info.name == "epochs" or not at_end]
        self._values = {info.name: live.get(info.name, recipe.value(info.name)) for info in infos}
        self.heading.setText(self.tr("Branch from step {}").format(f"{history_checkpoint.step:,}"))
        self.begin.setText(self.tr("Stop, keep, and branch") if training else self.tr("Begin the branch"))
        self._begin_tip = (
            self.tr("Stops the training, whose run is kept, and begins a new run from this step")
            if training
            else self.tr("Begins a new run from this step; the run it leaves stays as it is")
        )
        self.setting.clear()
        for info in infos:
            self.setting.addItem(info.title, info.name)
        self._show_editor()
        if at_end:
            self._say(self.tr("The training is over at this step: it can continue for more epochs."), "warn")
        self._button, window = button, button.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self._corner = button.mapTo(window, QPoint(button.width(), -current_theme().px(8)))
        self._fit()
        self.show()
        self.raise_()
        self.setting.setFocus()

    def choose(self, name: str) -> None:
        """Offer this setting; raises BadChoice for one that cannot change."""
        index = self.setting.findData(name)
        if index < 0:
            raise BadChoice("setting of a branch", name, self._values)
        self.setting.setCurrentIndex(index)
        self._show_editor()

    def _show_editor(self) -> None:
        assert self._recipe is not None
        name = self.setting.currentData()
        info = self._recipe.info(name)
        if self.editor is not None:
            self._grid.removeWidget(self.editor)
            self.editor.blockSignals(True)  # what was typed there is about another setting
            self.editor.hide()
            self.editor.deleteLater()
        self.editor = editor_for(info)
        self.editor.set_value(self._values[name])
        self.editor.setToolTip(info.allowed)
        self.editor.problem.connect(self._show_problem)
        self._grid.addWidget(self.editor, 1, 1)
        self.editor.show()
        QWidget.setTabOrder(self.setting, self.editor)
        QWidget.setTabOrder(self.editor, self.begin)
        self.help.setText(info.help)
        self._show_problem("")

    def _show_problem(self, allowed: str) -> None:
        """Nothing can begin while what is typed is no value: not with the one from before."""
        self.begin.setEnabled(not allowed)
        self.begin.setToolTip(self.tr("Allowed: {}").format(allowed) if allowed else self._begin_tip)
        self._say(self.tr("Allowed: {}").format(allowed) if allowed else "")

    def _say(self, text: str, role: str = "bad") -> None:
        set_role(self.message, role)
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        """As high as its texts need, with its lower right corner where it was opened."""
        self._column.invalidate()
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))
        self.move(self._corner - QPoint(self.width(), self.height()))

    def accept(self) -> None:
        """Begin the branch, unless nothing would change."""
        if self.editor is None or self._recipe is None:
            return
        self.editor.finish()  # what is half typed counts
        if not self.begin.isEnabled():
            return
        name, value = self.setting.currentData(), self.editor.value
        if value == self._values[name]:
            self._say(self.tr("Choose a value other than {} first.").format(self._word(value)))
            return
        try:
            branched(self._recipe, {name: value})
        except StudioError as problem:
            self.editor.refuse(reason_of(problem, name, self._recipe), self._values[name])
            return
        self.hide()
        self.accepted.emit({name: value})

    @staticmethod
    def _word(value: Any) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when somebody clicks elsewhere in the window, or the window changes its size."""
        pressed = event.type() == QEvent.Type.MouseButtonPress
        gone = pressed and isinstance(watched, QWidget) and self._elsewhere(watched)
        if gone or (event.type() == QEvent.Type.Resize and watched is self.window()):
            self.hide()
        return False

    def _elsewhere(self, widget: QWidget) -> bool:
        """Whether it is in the same window, but neither in here nor the button that opens and closes this."""
        inside = widget in (self, self._button) or self.isAncestorOf(widget)
        return widget.window() is self.window() and not inside

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what nobody in here wanted is not for the window below

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)
