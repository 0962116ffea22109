"""The form to branch a run: the user chooses one setting and its new value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import column, label
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.popup_frame import PopupFrame
from aestudio.gui.widgets.setting_editors import editor_for
from aestudio.gui.widgets.setting_form import reason_of
from aestudio.recipes.branching import branchable, branched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.widgets.setting_editors import Editor
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.checkpoint_history import HistoryCheckpoint

_WIDTH = 340


class BranchPopup(PopupFrame):
    """Opens above a button, and is as high as its texts.

    accepted(changes): start a branch with these values, by the names of their settings
    """

    accepted = Signal(dict)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Branch from this checkpoint"))
        self.heading = PlainLabel()
        set_role(self.heading, "label")
        self.setting = ChoiceBox(
            self.tr("Setting to change"),
            self.tr(
                "What changes from here on. The network's layers, the batch size and the validation "
                "images stay: the weights would not fit, or a step would be another number of images."
            ),
        )
        self.setting.chosen.connect(self._show_editor)
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
        self._begin_tooltip = ""
        self._lay_out()

    def _lay_out(self) -> None:
        theme = current_theme()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(label(self.tr("Setting")), 0, 0)
        self._grid.addWidget(label(self.tr("New value")), 1, 0)
        self._grid.addWidget(self.setting, 0, 1)
        parts = (self.heading, self._grid, self.help, self.message, self.begin)
        column(*parts, margins=(16, 12, 16, 16), on=self)
        keep_length(self, lambda popup, theme: popup.setFixedWidth(theme.px(_WIDTH)))

    def open_above(
        self,
        button: QWidget,
        architecture: Architecture,
        live: Mapping[str, float],
        history_checkpoint: HistoryCheckpoint,
        training: bool,
    ) -> None:
        """Offer the settings of the run's recipe at a checkpoint.

        architecture: of the run
        live:     values that the user changed during training
        training: whether a training runs, which a branch would stop
        """
        recipe = self._recipe = architecture.recipe
        self._data = architecture.data
        at_end = history_checkpoint.epoch >= recipe.training.epochs
        infos = [info for info in branchable(recipe, self._data) if info.name == "epochs" or not at_end]
        self._values = {info.name: live.get(info.name, recipe.value(info.name)) for info in infos}
        self.heading.setText(self.tr("Branch from step {}").format(f"{history_checkpoint.step:,}"))
        self.begin.setText(self.tr("Stop, keep, and branch") if training else self.tr("Start the branch"))
        self._begin_tooltip = (
            self.tr("Stops the training, keeps its run, and starts a new run at this step")
            if training
            else self.tr("Starts a new run at this step; the original run is not changed")
        )
        self.setting.set_entries((info.name, info.title) for info in infos)
        self.setting.show_value(infos[0].name)
        self._show_editor()
        if at_end:
            self._show_message(
                self.tr("The training ended at this step: it can continue for more epochs."), "warn"
            )
        self.open_at(button, above=True)

    def choose(self, name: str) -> None:
        """Select a setting; raises BadChoice for one that a branch cannot change."""
        if name not in self._values:
            raise BadChoice("setting of a branch", name, self._values)
        self.setting.show_value(name)
        self._show_editor()

    def _show_editor(self) -> None:
        assert self._recipe is not None
        name = self.setting.value
        info = self._recipe.info(name)
        if self.editor is not None:
            self._grid.removeWidget(self.editor)
            self.editor.blockSignals(True)  # its typed text belongs to another setting
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
        """Disable the button while the typed text is invalid: the branch would get the old value."""
        self.begin.setEnabled(not allowed)
        self.begin.setToolTip(self.tr("Allowed: {}").format(allowed) if allowed else self._begin_tooltip)
        self._show_message(self.tr("Allowed: {}").format(allowed) if allowed else "")

    def _show_message(self, text: str, role: str = "bad") -> None:
        set_role(self.message, role)
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.fit()

    def accept(self) -> None:
        """Start the branch, unless nothing would change."""
        if self.editor is None or self._recipe is None:
            return
        self.editor.finish()  # accepts a text that is still being typed
        if not self.begin.isEnabled():
            return
        name, value = self.setting.value, self.editor.value
        if value == self._values[name]:
            self._show_message(self.tr("Choose a value other than {} first.").format(self._value_text(value)))
            return
        try:
            branched(self._recipe, {name: value}, self._data)
        except StudioError as problem:
            self.editor.refuse(reason_of(problem, name, self._recipe), self._values[name])
            return
        self.close_popup()
        self.accepted.emit({name: value})

    @staticmethod
    def _value_text(value: Any) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)
