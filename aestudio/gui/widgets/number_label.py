"""Labels for changing numbers: tabular figures in a label of fixed size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt

from aestudio.gui.theme.style import is_theme_change, set_role
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SPARE = 2


class NumberLabel(PlainLabel):
    """A number in a label as wide as the widest expected text ("000.00"), so that nothing beside it moves.

    Its size is fixed, so that a new text does not make Qt lay out the whole window. A wider text than
    expected enlarges it once.
    """

    def __init__(self, widest: str, parent: QWidget | None = None, *, role: str = "") -> None:
        super().__init__(parent=parent)
        self._widest = widest
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role:
            set_role(self, role)
        self._fix_size()

    def set_text(self, text: str) -> None:
        """Show a text; no effect if it is already shown."""
        if text == self.text():
            return
        if self.fontMetrics().horizontalAdvance(text) > self.minimumWidth() - _SPARE:
            self._widest = text
            self._fix_size()
        self.setText(text)

    def _fix_size(self) -> None:
        self.ensurePolished()
        metrics = self.fontMetrics()
        self.setFixedSize(metrics.horizontalAdvance(self._widest) + _SPARE, metrics.height() + _SPARE)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) or event.type() == QEvent.Type.FontChange:
            self._fix_size()
