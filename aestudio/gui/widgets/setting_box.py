"""A box for a typed value: invalid texts stay, are marked, and are never emitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.number_box import pad_text
from aestudio.gui.widgets.setting_values import read_value, stepped, write_value
from aestudio.recipes.number_parsing import half_typed

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QWheelEvent

    from aestudio.recipes.setting import SettingInfo

_PATIENCE_MS = 400  # before a text that is still being typed is called wrong


class SettingBox(QAbstractSpinBox):
    """An integer, a number, a list of sizes or a text.

    `edited(value)` comes when a good value is finished (Return, leaving the box, arrows, wheel);
    `problem(text)` gives the allowed values while the text is refused, "" once it is good again.
    """

    edited = Signal(object)
    problem = Signal(str)

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info = info
        self._value: Any = info.default
        self._refused = ""
        self._steps = info.kind in ("integer", "number")
        self._check_soon = QTimer(self)
        self._check_soon.setSingleShot(True)
        self._check_soon.setInterval(_PATIENCE_MS)
        self._check_soon.timeout.connect(self._check)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not (self._steps and info.kind == "integer"):
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        pad_text(self)
        self.lineEdit().textEdited.connect(self._typing)
        self.editingFinished.connect(self._finish)
        self.show_value(info.default)

    @property
    def value(self) -> Any:
        """The last good value."""
        return self._value

    @property
    def shown(self) -> str:
        """The text in the box, valid or not."""
        return self.lineEdit().text()

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal.

        What is being typed, or was refused, stays as long as the value is the one from before.
        """
        kept = value == self._value and self.shown != "" and (self.hasFocus() or bool(self._refused))
        if not kept:
            self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Show a value, without a signal, and discard the typed text."""
        self._value = value
        self._check_soon.stop()
        self.lineEdit().setText(write_value(self._info, value))
        self.lineEdit().setCursorPosition(0)
        self._mark("")

    def refuse(self, reason: str, value: Any) -> None:
        """Mark the text as refused for this reason; it stays, and `value` is the setting's value."""
        self._value = value
        self._mark(reason)

    def finish(self) -> None:
        """Take what is typed as Return would."""
        if self._refused or self.shown != write_value(self._info, self._value):
            self._finish()

    def _typing(self) -> None:
        self._check_soon.start()
        if self._wrong() == "":
            self._mark("")

    def _wrong(self) -> str:
        """What would be allowed instead of the text; "" where it is good."""
        try:
            read_value(self._info, self.shown)
        except BadChoice as problem:
            return problem.allowed
        return ""

    def _check(self) -> None:
        if not (self._steps and half_typed(self.shown)):
            self._mark(self._wrong())

    def _finish(self) -> None:
        self._check_soon.stop()
        wrong = self._wrong()
        if wrong:
            self._mark(wrong)
        else:
            self._set_by_user(read_value(self._info, self.shown))

    def _set_by_user(self, value: Any) -> None:
        changed = value != self._value or bool(self._refused)
        self._value = value
        self._mark("")
        self.lineEdit().setText(write_value(self._info, value))
        if changed:
            self.edited.emit(value)

    def _mark(self, refused: str) -> None:
        if refused != self._refused:
            self._refused = refused
            set_role(self, "bad" if refused else "")
            self.problem.emit(refused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings back the last good value."""
        if event.key() == Qt.Key.Key_Escape and self.shown != write_value(self._info, self._value):
            self.show_value(self._value)
        else:
            super().keyPressEvent(event)

    # QAbstractSpinBox asks

    def stepBy(self, steps: int) -> None:
        if self._steps:
            self._set_by_user(stepped(self._info, self._value, steps))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled if self._steps else flag.StepNone

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
