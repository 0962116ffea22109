"""The legend of signed images: what the two colours mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painted_widget import PaintedWidget

ERROR_LIMIT = 0.5
"""The difference of pixels in [0, 1] that is drawn in full colour; most errors are much smaller than 1."""

_BAR = 72


class ErrorScale(PaintedWidget):
    """A narrow bar from the colour of negative values over zero to that of positive ones, with two labels."""

    def __init__(self, below: str, above: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._below = self._above = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_labels(below, above)

    def set_labels(self, below: str, above: str) -> None:
        """Set the texts beside the colours of negative and of positive values."""
        if (below, above) != (self._below, self._above):
            self._below, self._above = below, above
            self.setAccessibleName(self.tr("Colours: {} to {}").format(below, above))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        metrics = QFontMetricsF(font(theme, theme.caption_size))
        width = metrics.horizontalAdvance(self._below) + metrics.horizontalAdvance(self._above)
        return QSize(round(width + theme.px(_BAR + 20)), round(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setFont(font(theme, theme.caption_size))
        painter.setPen(QColor(theme.muted))
        metrics = QFontMetricsF(painter.font())
        left = metrics.horizontalAdvance(self._below)
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(0, base), self._below)
        box = QRectF(left + theme.px(8), self.height() / 2 - theme.px(4), theme.px(_BAR), theme.px(8))
        painter.drawText(QPointF(box.right() + theme.px(8), base), self._above)
        gradient = QLinearGradient(box.topLeft(), box.topRight())
        for position, colour in ((0, theme.error_below), (0.5, theme.panel), (1, theme.error_above)):
            gradient.setColorAt(position, QColor(colour))
        painter.setPen(QColor(theme.line))
        painter.setBrush(gradient)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
