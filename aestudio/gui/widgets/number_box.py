"""Boxes for numbers, which emit no value while the text is incomplete or invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSignalBlocker, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from aestudio.gui.widgets.field_note import FieldNote
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.typed_box import TypedBox
from aestudio.recipes.number_parsing import (
    as_decimal,
    flaw_of,
    half_typed,
    read_number,
    read_whole,
    without_separators,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

translate = QCoreApplication.translate
_LONGEST = 20  # characters of a refused text in a sentence
_EXACT = 30  # decimals that are kept of a typed number, more than those that are shown


class _ArgumentBox(TypedBox):
    """Mixed into a spin box of Qt for numbers: an invalid text stays while it is edited, also after Return.

    A note below the box says why. Escape, or leaving the box, restores the last valid number, and the note
    says for a while longer what was not taken. No key is ignored: 1,5 without its comma would be 15.
    """

    def _begin(self) -> None:
        super()._begin()
        self.note = FieldNote(self)
        self._untold = ""  # why the last text was not taken, until a button has asked
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

    def accept_text(self) -> bool:
        """Take the typed text, for a button that uses the number; False if it, or the last one, is invalid.

        The note then says why, and the button must do nothing: a click on it has left the box already, which
        shows the old number again.
        """
        reason = self._final_reason(self.lineEdit().text()) or self._untold
        self._untold = ""
        if reason:
            self.note.show(reason, linger=True)
            self.setFocus()
            return False
        self.interpretText()
        return True

    def _reason_against(self, text: str) -> str | None:
        """Return why a text is invalid: "" if more characters can make it valid, None if it is valid."""
        raise NotImplementedError

    def _final_reason(self, text: str) -> str:
        """Why a text is invalid that is complete; "" if it is valid or empty."""
        raise NotImplementedError

    def _check_text(self, text: str) -> None:
        self._untold = ""
        self._mark(self._reason_against(text) or "")

    def _finished(self) -> None:
        """The box was left: Qt has restored the last valid number if the text was invalid."""
        reason = self._reason
        self._mark("")
        if reason:
            self._untold = reason
            self.note.show(reason, linger=True)

    def _mark(self, reason: str) -> bool:
        if reason:
            self.note.show(reason)
        else:
            self.note.hide()
        return super()._mark(reason)

    def event(self, event: QEvent) -> bool:
        """Leave B to the presenter remote that sends it: no number has one."""
        if event.type() == QEvent.Type.ShortcutOverride and cast("QKeyEvent", event).key() == Qt.Key.Key_B:
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            reason = self._final_reason(self.lineEdit().text())
            if reason:
                self._mark(reason)
                self.lineEdit().selectAll()
                event.accept()  # or Return would also press a dialog's default button, with the old number
                return
        elif event.key() == Qt.Key.Key_Escape and self._reason:
            self._mark("")
            self.show_value(self.value())  # type: ignore[attr-defined]
            event.accept()
            return
        super().keyPressEvent(event)

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
    """A number, shown with a point and fixed decimals, typed with a point or a comma in any locale.

    A typed number is kept and shown with all its decimals; one that is set is rounded to those that are
    shown.

    minus: the sign of negative numbers; both signs may be typed
    """

    minus = "-"

    def __init__(self, decimals: int = 3, limit: float = 1e4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown_decimals = decimals
        self._typed: float | None = None
        self._known = True
        self.setDecimals(_EXACT)
        self.setRange(-limit, limit)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._begin()

    def setValue(self, value: float) -> None:
        """Show a number, rounded unless it is the one that was typed."""
        rounded = round(value, self._shown_decimals) + 0.0  # never -0.0
        super().setValue(value if value == self._typed else rounded)

    def set_known(self, known: bool) -> None:
        """Whether there is a number to show: without one the box is empty and disabled."""
        if known != self._known:
            self._known = known
            self.setEnabled(known)
            self.setSuffix("")  # asks for the text again

    def textFromValue(self, value: float) -> str:
        if not self._known:
            return ""
        text = f"{value:.{self._shown_decimals}f}"
        if value == self._typed and float(text) != value:
            text = f"{value:.{_EXACT}f}".rstrip("0") if abs(value) < 1e-4 else repr(value)
        return text.replace("-", self.minus) if value < 0 else text

    def valueFromText(self, text: str) -> float:
        self._typed = read_number(text)
        return self._typed

    def stepBy(self, steps: int) -> None:
        """Change by steps of at least the last decimal that is shown."""
        step = max(self.singleStep(), 10.0**-self._shown_decimals)
        self.setValue(self.value() + steps * step)

    def _reason_against(self, text: str) -> str | None:
        try:
            value = read_number(text)
        except ValueError:
            return "" if half_typed(text) else _syntax_error(text)
        return _beyond(value, self.minimum(), self.maximum())

    def _final_reason(self, text: str) -> str:
        try:
            value = read_number(text)
        except ValueError:
            return _syntax_error(text) if text else ""
        return "" if self.minimum() <= value <= self.maximum() else _limits(self.minimum(), self.maximum())


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
            return "" if text in _INCOMPLETE else _whole_syntax_error(text)
        return _beyond(value, self.minimum(), self.maximum())

    def _final_reason(self, text: str) -> str:
        try:
            value = read_whole(text)
        except ValueError:
            return _whole_syntax_error(text) if text else ""
        return "" if self.minimum() <= value <= self.maximum() else _limits(self.minimum(), self.maximum())


_INCOMPLETE = ("", "-", "+")


def _beyond(value: float, low: float, high: float) -> str | None:
    """Return None within the bounds, "" if more digits could bring the number there, else the reason."""
    if low <= value <= high:
        return None
    return _limits(low, high) if value > max(high, 0.0) or value < min(low, 0.0) else ""


def _limits(low: float, high: float) -> str:
    return translate("NumberBox", "From {} to {}").format(f"{low:.10g}", f"{high:.10g}")


def _syntax_error(text: str) -> str:
    match flaw_of(text):
        case "ambiguous":
            sentence = translate("NumberBox", "{} can mean {} or {}: type one of these")
            return sentence.format(text.strip(), as_decimal(text), without_separators(text))
        case "separators":
            return translate("NumberBox", "One point or comma, and no thousands separators: 1.5 or 1,5")
        case _:
            return translate("NumberBox", "“{}” is no number, such as 1.5").format(one_line(text, _LONGEST))


def _whole_syntax_error(text: str) -> str:
    match flaw_of(text, whole=True):
        case "grouped":
            sentence = translate("NumberBox", "A whole number, without point or comma: {}")
            return sentence.format(without_separators(text))
        case "fraction":
            return translate("NumberBox", "A whole number, without point or comma")
        case _:
            return translate("NumberBox", "“{}” is no whole number").format(one_line(text, _LONGEST))
