"""A few lines of small text in a space of fixed height."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt

from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.step_tag import StepTag

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget


class FixedCaption(PlainLabel):
    """Wraps its text into a given number of lines; the tooltip shows all of it.

    The height of a wrapping QLabel depends on its width, which makes Qt use the preferred instead of the
    minimum heights of the widgets around it. This label has a fixed height hint instead.

    tag: of which step the part is that the caption describes; the text wraps before it
    """

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._lines = lines
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        set_role(self, "caption")
        self.tag = StepTag(self)

    def set_tag(self, text: str) -> None:
        """Say at the right end of which step the part is, so that none of its pictures is covered."""
        if text != self.tag.text:
            self.tag.set_text(text)
            self._place_tag()

    def _place_tag(self) -> None:
        size = self.tag.sizeHint()
        width, height = min(size.width(), self.width()), min(size.height(), self.height())
        centred = self.alignment() & Qt.AlignmentFlag.AlignVCenter  # beside its text
        top = (self.height() - height) // 2 if centred else 0
        self.tag.setGeometry(self.width() - width, top, width, height)
        self.setContentsMargins(0, 0, width + current_theme().px(8) if width else 0, 0)

    def set_text(self, text: str) -> None:
        """Show this text."""
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._lines * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tag()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._place_tag()
