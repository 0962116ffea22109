"""A box for a typed value: refused texts stay and are marked, and are never emitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.number_box import pad_text
from aestudio.gui.widgets.setting_values import half_typed, read_value, stepped, write_value

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

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
        self.set_value(info.default)

    @property
    def value(self) -> Any:
        """The last good value."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal; what was half typed is replaced, unless it means the same."""
        same = value == self._value and self.lineEdit().text() != "" and self.hasFocus()
        self._value = value
        if not same:
            self.lineEdit().setText(write_value(self._info, value))
            self.lineEdit().setCursorPosition(0)
            self._mark("")

    def _typing(self) -> None:
        self._check_soon.start()
        if self._readable():
            self._mark("")

    def _readable(self) -> bool:
        try:
            read_value(self._info, self.lineEdit().text())
        except BadChoice:
            return False
        return True

    def _check(self) -> None:
        if self._readable():
            self._mark("")
        elif not (self._steps and half_typed(self.lineEdit().text())):
            self._mark(self._info.allowed)

    def _finish(self) -> None:
        self._check_soon.stop()
        try:
            value = read_value(self._info, self.lineEdit().text())
        except BadChoice:
            self._mark(self._info.allowed)
            return
        self._mark("")
        self._by_person(value)

    def _by_person(self, value: Any) -> None:
        changed = value != self._value
        self._value = value
        self.lineEdit().setText(write_value(self._info, value))
        if changed:
            self.edited.emit(value)

    def _mark(self, allowed: str) -> None:
        role = "bad" if allowed else ""
        if (self.property("role") or "") != role:
            set_role(self, role)
            self.problem.emit(allowed)

    # QAbstractSpinBox asks

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        if self._steps:
            self._mark("")
            self._by_person(stepped(self._info, self._value, steps))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 - Qt's name
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled if self._steps else flag.StepNone

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
