"""One editor for each compared run: the values of the setting in which the runs differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout

from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.gui.widgets.setting_editors import ChoiceEditor
from aestudio.gui.widgets.setting_form import refusal
from aestudio.recipes.differences import value_text

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.other_objectives import ComparisonContext
    from aestudio.recipes.setting import SettingInfo


class ValueEditors(QHBoxLayout):
    """The editors of the form: a row of choices for a setting that has them, of boxes otherwise.

    It is a layout, not a widget, so that they share the width with their neighbours in the form.

    editors: one for each run, from left to right
    invalid: by the run's number as a text, why its editor holds no valid value
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setSpacing(current_theme().px(4))
        self._session = session
        self.editors: list[ChoiceEditor | SettingBox] = []
        self.invalid: dict[str, str] = {}
        self._setting: tuple[str, tuple[Any, ...]] | None = None
        self._showing = False

    def show_values(
        self, info: SettingInfo, values: tuple[Any, ...], context: ComparisonContext, enabled: bool
    ) -> None:
        """Show one editor for each value; editors of another setting are replaced."""
        self._showing = True
        setting = (info.name, info.choices)
        if self._setting != setting:
            self._setting = setting
            while self.editors:
                self._remove_editor()
        while len(self.editors) > len(values):
            self._remove_editor()
        while len(self.editors) < len(values):
            self._add_editor(info, context)
        for editor, value in zip(self.editors, values, strict=True):
            editor.set_value(value)
            editor.setEnabled(enabled)
        self._showing = False

    def discard_invalid(self) -> None:
        """Show the valid value again in every editor that holds an invalid text."""
        for editor in self.editors:
            editor.show_value(editor.value)

    def finish(self) -> None:
        """Take over what was typed but not confirmed yet."""
        for editor in self.editors:
            editor.finish()

    def _add_editor(self, info: SettingInfo, context: ComparisonContext) -> None:
        number = len(self.editors)
        choices = (False, True) if info.kind == "switch" else info.choices
        if choices:
            editor = ChoiceEditor(info, {choice: value_text(info, choice, context) for choice in choices})
            editor.setSizeAdjustPolicy(ChoiceEditor.SizeAdjustPolicy.AdjustToContents)
            editor.setMinimumContentsLength(9)
        else:
            editor = SettingBox(info)
            editor.tell_problems()
            keep_length(editor, lambda box, theme: box.setFixedWidth(theme.px(76)))
        editor.edited.connect(lambda value: self._session.comparison.set_value(number, value))
        editor.problem.connect(lambda allowed: self._report_invalid(number, info, editor, allowed))
        editor.setAccessibleName(self.tr("{} of run {}").format(info.title, number + 1))
        editor.setToolTip(self.tr("{} of run {}. Allowed: {}").format(info.title, number + 1, info.allowed))
        self.editors.append(editor)
        self.addWidget(editor)

    def _report_invalid(
        self, number: int, info: SettingInfo, editor: ChoiceEditor | SettingBox, allowed: str
    ) -> None:
        """Keep why an editor is invalid; without a text in `allowed` it is valid again."""
        if allowed:
            reason = refusal(info, editor.shown, allowed)
            self.invalid[str(number)] = self.tr("Run {}: {}").format(number + 1, reason)
        else:
            self.invalid.pop(str(number), None)
        self._session.recipe.set_invalid("compare", dict(self.invalid), showing=self._showing)

    def _remove_editor(self) -> None:
        editor = self.editors.pop()
        editor.blockSignals(True)  # its text is about another setting or a removed run
        if self.invalid.pop(str(len(self.editors)), None) is not None:
            self._session.recipe.set_invalid("compare", dict(self.invalid), showing=True)
        self.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
