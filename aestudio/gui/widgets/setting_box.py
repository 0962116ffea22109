"""A box for a typed value: an invalid text stays and is marked, and is never emitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.widgets.field_note import FieldNote
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.widgets.setting_values import read_value, stepped, write_value
from aestudio.gui.widgets.typed_box import TypedBox
from aestudio.recipes.number_parsing import half_typed

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent

    from aestudio.recipes.setting import SettingInfo

_CHECK_DELAY_MILLISECONDS = 400  # before an invalid text is marked while the user types


class SettingBox(TypedBox, QAbstractSpinBox):
    """An integer, a number, a list of sizes or a text.

    `edited(value)` is emitted when a valid value is complete (Return, leaving the box, arrows, wheel).
    `problem(text)` has the allowed values if the text is invalid, "" when it is valid again, and is
    written below the box by its form. Without space for that, `tell_problems` shows it in a note.
    """

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info = info
        self._value: Any = info.default
        self._steps = info.kind in ("integer", "number")
        self._note: FieldNote | None = None
        self._check_timer = QTimer(self)
        self._check_timer.setSingleShot(True)
        self._check_timer.setInterval(_CHECK_DELAY_MILLISECONDS)
        self._check_timer.timeout.connect(self._check)
        if not (self._steps and info.kind == "integer"):
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._begin()
        if info.kind == "sizes":  # no hidden layers: an empty box would look as if something were missing
            self.lineEdit().setPlaceholderText(self.tr("none"))
        self.lineEdit().textEdited.connect(self._text_edited)
        self.editingFinished.connect(self._finish)
        self.show_value(info.default)

    def tell_problems(self) -> None:
        """Say in a note below the box what is allowed, while the text is invalid and has the focus."""
        self._note = FieldNote(self)

    @property
    def note(self) -> str:
        """The text of the note, "" for none."""
        return "" if self._note is None else self._note.text

    @property
    def value(self) -> Any:
        """The last valid value."""
        return self._value

    @property
    def shown(self) -> str:
        """The text in the box, valid or not."""
        return self.lineEdit().text()

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal.

        A text that is being typed, or is invalid, stays if the value has not changed.
        """
        kept = bool(self._reason) or (self.hasFocus() and self.shown != "")
        if value != self._value or not kept:
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Show a value, without a signal, and discard the typed text."""
        self._value = value
        self._check_timer.stop()
        self.lineEdit().setText(write_value(self._info, value))
        self.lineEdit().setCursorPosition(0)
        self._mark("")

    def refuse(self, reason: str, value: Any) -> None:
        """Mark the text as invalid for this reason; it stays, while the setting keeps `value`."""
        self._value = value
        self._mark(reason)

    def finish(self) -> None:
        """Accept the typed text, as Return does."""
        if self._reason or self.shown != write_value(self._info, self._value):
            self._finish()

    def _text_edited(self) -> None:
        self._check_timer.start()
        if self._problem_of_text() == "":
            self._mark("")

    def _problem_of_text(self) -> str:
        """Return the allowed values if the text is invalid, "" if it is valid."""
        try:
            read_value(self._info, self.shown)
        except BadChoice as problem:
            return problem.allowed
        return ""

    def _check(self) -> None:
        if not (self._steps and half_typed(self.shown)):
            self._mark(self._problem_of_text())

    def _finish(self) -> None:
        self._check_timer.stop()
        problem = self._problem_of_text()
        if problem:
            self._mark(problem)
        else:
            self._set_by_user(read_value(self._info, self.shown))

    def _set_by_user(self, value: Any) -> None:
        changed = value != self._value or bool(self._reason)
        self._value = value
        self._mark("")
        self.lineEdit().setText(write_value(self._info, value))
        if changed:
            self.edited.emit(value)

    def _mark(self, reason: str) -> bool:
        is_new = super()._mark(reason)
        if is_new:
            self.problem.emit(reason)
        self._show_note()
        return is_new

    def _show_note(self) -> None:
        if self._note is None:
            return
        if self._reason and self.hasFocus():
            self._note.show(self.tr("Allowed: {}").format(self._reason))
        else:
            self._note.hide()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_note()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_note()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape restores the last valid value."""
        if event.key() == Qt.Key.Key_Escape and self.shown != write_value(self._info, self._value):
            self.show_value(self._value)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's menu of a text field, with what the form offers for the setting."""
        menu = self.lineEdit().createStandardContextMenu()
        menu.addSeparator()
        for entry in offer_of(self, event.pos()).entries:
            action = menu.addAction(entry.text)
            action.setEnabled(not entry.obstacle)
            action.setToolTip(entry.obstacle)
            action.triggered.connect(lambda *_, act=entry.act: act())
        menu.setToolTipsVisible(True)
        open_once(menu, event.globalPos())

    # ---- overrides of QAbstractSpinBox ----

    def stepBy(self, steps: int) -> None:
        if self._steps:
            self._set_by_user(stepped(self._info, self._value, steps))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled if self._steps else flag.StepNone

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position
