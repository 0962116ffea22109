"""What all boxes have in common in which a number or a text is typed: settings, and arguments of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox

from aestudio.gui.theme.style import keep_length, set_refused

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    _SpinBox = QAbstractSpinBox
else:
    _SpinBox = object  # a class with two Qt bases ends in a segmentation fault

_MARGIN = 7  # pixels between text and outline


class TypedBox(_SpinBox):
    """Mixed into a spin box: an invalid text is marked. The wheel changes it only while it has the focus."""

    def _begin(self) -> None:
        """Call it first, once the box has its buttons and its alignment."""
        self._reason = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._set_margins()

    def _set_margins(self) -> None:
        # Qt's style sheets ignore the padding of spin boxes.
        left = _MARGIN if self.alignment() & Qt.AlignmentFlag.AlignLeft else 0
        hidden = self.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.NoButtons
        self.lineEdit().setTextMargins(left, 0, _MARGIN if hidden else 2, 0)

    def show_arrows(self, shown: bool) -> None:
        """Show the buttons of the box, or leave their place to the number."""
        symbols = QAbstractSpinBox.ButtonSymbols
        wanted = symbols.UpDownArrows if shown else symbols.NoButtons
        if wanted != self.buttonSymbols():
            self.setButtonSymbols(wanted)
            self._set_margins()
            self.style().unpolish(self)  # the style sheet leaves them their place until it looks again
            self.style().polish(self)

    def _mark(self, reason: str) -> bool:
        """Mark the text as invalid, for this reason; "" as valid. Whether that is new."""
        before, self._reason = self._reason, reason
        if bool(reason) != bool(before):
            set_refused(self, bool(reason))
        return reason != before

    def keep_width(self, widest: str) -> None:
        """Keep the box as wide as this text needs, in every theme."""
        self.ensurePolished()
        keep_length(
            self,
            lambda box, theme: box.setFixedWidth(box.fontMetrics().horizontalAdvance(widest) + theme.px(24)),
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
