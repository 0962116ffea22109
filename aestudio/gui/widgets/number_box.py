"""Boxes for numbers that emit nothing while the text is incomplete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QToolTip, QWidget

from aestudio.recipes.number_parsing import half_typed, read_number, read_whole, too_many_separators

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QWheelEvent

    _SpinBox = QAbstractSpinBox
else:
    _SpinBox = object  # two bases of Qt's in one class end in a segmentation fault

translate = QCoreApplication.translate


class _TypedBox(_SpinBox):
    """Mixed into a spin box: a text that is no allowed number stays, marked, while it is edited.

    A tooltip says why. Return, or leaving the box, brings back the number from before. No key is swallowed:
    1,5 without its comma would be 15.
    """

    def _begin(self) -> None:
        self._refused = ""
        self.setKeyboardTracking(False)  # the number from before is the one from before the typing
        self.setLocale(QLocale.c())
        pad_text(self)
        self.lineEdit().textEdited.connect(self._judge_typed)
        self.editingFinished.connect(self._finished)

    def _why_not(self, text: str) -> str | None:
        """Why a text is no allowed number: "" while it can become one, None where it is one."""
        raise NotImplementedError

    def _judge_typed(self, text: str) -> None:
        self._mark(self._why_not(text) or "")

    def _finished(self) -> None:
        refused = self._refused
        self._mark("")
        if refused:
            self._say(refused)

    def _mark(self, refused: str) -> None:
        if bool(refused) != bool(self._refused):
            self.setProperty("refused", bool(refused))
            self.style().unpolish(self)
            self.style().polish(self)
        self._refused = refused
        if refused:
            self._say(refused)

    def _say(self, why: str) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), why, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        refused = bool(self._refused)
        super().keyPressEvent(event)
        if refused and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # a dialog must not go on with the number from before

    # Qt asks these two: its own take every comma for a separator of thousands, and 1,5 for 15.

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        states = QValidator.State
        return states.Acceptable if self._why_not(text) is None else states.Intermediate, text, position

    def fixup(self, text: str) -> str:
        return text


class NumberBox(_TypedBox, QDoubleSpinBox):
    """A number with fixed decimals, shown with a point and typed with a point or a comma in every language.

    Wheel only with the focus.
    """

    def __init__(
        self, decimals: int = 3, limit: float = 1e4, parent: QWidget | None = None, *, buttons: bool = False
    ) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(-limit, limit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        if not buttons:
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self._begin()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def valueFromText(self, text: str) -> float:
        return read_number(text)

    def _why_not(self, text: str) -> str | None:
        try:
            value = read_number(text)
        except ValueError:
            return "" if half_typed(text) else _what_is_wrong(text)
        return _beyond(value, self.minimum(), self.maximum())


class WholeBox(_TypedBox, QSpinBox):
    """A whole number, typed without point or comma."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin()

    def valueFromText(self, text: str) -> int:
        return read_whole(text)

    def _why_not(self, text: str) -> str | None:
        try:
            value = read_whole(text)
        except ValueError:
            return (
                "" if text in _NOTHING else translate("NumberBox", "A whole number, without point or comma")
            )
        return _beyond(value, self.minimum(), self.maximum())


_NOTHING = ("", "-", "+")


def _beyond(value: float, low: float, high: float) -> str | None:
    """None within the bounds; "" where more digits can bring the number there: it only grows away from 0."""
    if low <= value <= high:
        return None
    if value > max(high, 0.0) or value < min(low, 0.0):
        return translate("NumberBox", "From {} to {}").format(f"{low:.10g}", f"{high:.10g}")
    return ""


def _what_is_wrong(text: str) -> str:
    if too_many_separators(text):
        return translate("NumberBox", "One point or comma, and no separators of thousands: 1.5 or 1,5")
    return translate("NumberBox", "A number, such as 1.5")


def pad_text(box: QAbstractSpinBox) -> None:
    """Keep the text off the outline; Qt's style sheets ignore the padding of spin boxes."""
    margin = 7
    left = margin if box.alignment() & Qt.AlignmentFlag.AlignLeft else 0
    hidden = box.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.NoButtons
    box.lineEdit().setTextMargins(left, 0, margin if hidden else 2, 0)
