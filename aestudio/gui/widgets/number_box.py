"""Boxes for numbers, which emit no value while the text is incomplete or invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QToolTip, QWidget

from aestudio.gui.widgets.typed_box import TypedBox
from aestudio.recipes.number_parsing import half_typed, read_number, read_whole, too_many_separators

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

translate = QCoreApplication.translate


class _ArgumentBox(TypedBox):
    """Mixed into a spin box of Qt for numbers: an invalid text stays while it is edited.

    A tooltip gives the reason. Return, or leaving the box, restores the last valid number. No key is ignored:
    1,5 without its comma would be 15.
    """

    def _begin(self) -> None:
        super()._begin()
        self.setKeyboardTracking(False)  # so that the last valid number is the one before the typing
        self.setLocale(QLocale.c())
        self.lineEdit().textEdited.connect(self._check_text)
        self.editingFinished.connect(self._finished)

    def show_value(self, value: float, low: float | None = None, high: float | None = None) -> None:
        """Show a number, and with it other limits if they are given, without a signal."""
        with QSignalBlocker(self):
            if low is not None and high is not None:
                self.setRange(low, high)  # type: ignore[attr-defined]
            self.setValue(value)  # type: ignore[attr-defined]

    def _reason_against(self, text: str) -> str | None:
        """Return why a text is invalid: "" if more characters can make it valid, None if it is valid."""
        raise NotImplementedError

    def _check_text(self, text: str) -> None:
        self._mark(self._reason_against(text) or "")

    def _finished(self) -> None:
        reason = self._reason
        self._mark("")
        if reason:
            self._show_reason(reason)

    def _mark(self, reason: str) -> bool:
        if reason:
            self._show_reason(reason)
        return super()._mark(reason)

    def _show_reason(self, reason: str) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), reason, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        invalid = bool(self._reason)
        super().keyPressEvent(event)
        if invalid and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # or Return would also press a dialog's default button, with the old number

    # Overrides of Qt's, which read a comma as a thousands separator, and 1,5 as 15.

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        states = QValidator.State
        return (
            states.Acceptable if self._reason_against(text) is None else states.Intermediate,
            text,
            position,
        )

    def fixup(self, text: str) -> str:
        return text


class NumberBox(_ArgumentBox, QDoubleSpinBox):
    """A number with fixed decimals, shown with a point, typed with a point or a comma in any locale."""

    def __init__(self, decimals: int = 3, limit: float = 1e4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(-limit, limit)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._begin()

    def valueFromText(self, text: str) -> float:
        return read_number(text)

    def _reason_against(self, text: str) -> str | None:
        try:
            value = read_number(text)
        except ValueError:
            return "" if half_typed(text) else _syntax_error(text)
        return _beyond(value, self.minimum(), self.maximum())


class WholeBox(_ArgumentBox, QSpinBox):
    """A whole number, typed without point or comma."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin()

    def valueFromText(self, text: str) -> int:
        return read_whole(text)

    def _reason_against(self, text: str) -> str | None:
        try:
            value = read_whole(text)
        except ValueError:
            return (
                ""
                if text in _INCOMPLETE
                else translate("NumberBox", "A whole number, without point or comma")
            )
        return _beyond(value, self.minimum(), self.maximum())


_INCOMPLETE = ("", "-", "+")


def _beyond(value: float, low: float, high: float) -> str | None:
    """Return None within the bounds, "" if more digits could bring the number there, else the reason."""
    if low <= value <= high:
        return None
    if value > max(high, 0.0) or value < min(low, 0.0):
        return translate("NumberBox", "From {} to {}").format(f"{low:.10g}", f"{high:.10g}")
    return ""


def _syntax_error(text: str) -> str:
    if too_many_separators(text):
        return translate("NumberBox", "One point or comma, and no thousands separators: 1.5 or 1,5")
    return translate("NumberBox", "A number, such as 1.5")
