"""The small frame with text that says of which step a part is: over the part, or beside its caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPaintEvent


def tag_size(text: str) -> QSize:
    """What a text needs with its frame, in logical pixels."""
    theme = current_theme()
    metrics = QFontMetrics(font(theme, theme.caption_size))
    return QSize(metrics.horizontalAdvance(text) + theme.px(12), metrics.height() + theme.px(4))


def paint_tag(painter: QPainter, box: QRectF, text: str) -> None:
    """Paint the text in its frame; its end is left out if it does not fit."""
    theme = current_theme()
    painter.setFont(font(theme, theme.caption_size))
    painter.setPen(QColor(theme.line))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box, theme.radius / 2, theme.radius / 2)
    painter.setPen(QColor(theme.text))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


class StepTag(QWidget):
    """It as a widget, for which its parent makes room; transparent for the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_text(self, text: str) -> None:
        """Show this; nothing for ""."""
        self.text = text
        self.setVisible(bool(text))
        self.update()

    def sizeHint(self) -> QSize:
        return tag_size(self.text) if self.text else QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            paint_tag(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self.text)
