"""A box for a number of which nothing is emitted while it is only half typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class NumberBox(QDoubleSpinBox):
    """A number with fixed decimals and a point in every language; wheel only with the focus."""

    def __init__(
        self, decimals: int = 3, limit: float = 1e4, parent: QWidget | None = None, *, buttons: bool = False
    ) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(decimals)
        self.setRange(-limit, limit)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        if not buttons:
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        pad_text(self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def pad_text(box: QAbstractSpinBox) -> None:
    """Keep the text off the outline; Qt's style sheets ignore the padding of spin boxes."""
    margin = 7
    left = margin if box.alignment() & Qt.AlignmentFlag.AlignLeft else 0
    hidden = box.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.NoButtons
    box.lineEdit().setTextMargins(left, 0, margin if hidden else 2, 0)
