"""What colours stand for: a title, a bar of them, the numbers at its ends and its middle, the unit."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.plots.numbers import tick_number
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.scales import field_table, sequential_table
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.alone import show_alone
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STOPS = 16
_DIGITS = 3


class ScaleBar(QWidget):
    """`under`: whether it is the scale of a field under the points, or of the points themselves."""

    def __init__(self, under: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under = under
        self._title, self._unit = "", ""
        self._limits = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scale(self, title: str, unit: str, low: float, high: float) -> None:
        """What it is, and the numbers at the left and right end."""
        if (title, unit, (low, high)) != (self._title, self._unit, self._limits):
            self._title, self._unit, self._limits = title, unit, (low, high)
            whole = f"{self.words()}: {' – '.join(self.numbers()[::2])}"
            self.setAccessibleName(whole)
            self.setToolTip(whole)
            self.update()

    def words(self) -> str:
        """The title and the unit."""
        return f"{self._title} ({self._unit})" if self._unit else self._title

    def numbers(self) -> tuple[str, str, str]:
        """Those at the left end, in the middle and at the right end."""
        low, high = self._limits
        low_text, middle, high_text = (_short(number, high - low) for number in (low, (low + high) / 2, high))
        return low_text, middle, high_text

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two lines of small text, the bar between them."""
        theme = current_theme()
        return QSize(theme.px(240), 2 * _line_height() + theme.px(14))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Narrower, as high."""
        return QSize(current_theme().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        theme, line = current_theme(), _line_height()
        bar = QRectF(0, line + theme.px(3), min(self.width(), theme.px(320)), theme.px(8))
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            painter.setPen(QColor(theme.text))
            metrics = QFontMetrics(painter.font())
            words = metrics.elidedText(self.words(), Qt.TextElideMode.ElideRight, self.width())
            self._write(painter, words, QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(_gradient(bar, field_table(theme) if self._under else sequential_table(theme)))
            painter.drawRoundedRect(bar, theme.px(3), theme.px(3))
            painter.setPen(QColor(theme.muted))
            below = QRectF(0, bar.bottom() + theme.px(3), bar.width(), line)
            places = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
            for text, place in zip(self.numbers(), places, strict=True):
                self._write(painter, text, below, place)

    def _write(self, painter: QPainter, text: str, room: QRectF, place: Qt.AlignmentFlag) -> None:
        painter.drawText(room, place | Qt.AlignmentFlag.AlignVCenter, text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()
            self.update()


def _line_height() -> int:
    theme = current_theme()
    return QFontMetrics(font(theme, theme.caption_size)).height()


def _gradient(bar: QRectF, table: NDArray[np.uint8]) -> QLinearGradient:
    gradient = QLinearGradient(QPointF(bar.left(), 0), QPointF(bar.right(), 0))
    for stop in range(_STOPS + 1):
        red, green, blue = table[round(stop / _STOPS * (len(table) - 1))].tolist()
        gradient.setColorAt(stop / _STOPS, QColor(red, green, blue))
    return gradient


def _short(number: float, span: float) -> str:
    """As many digits as the scale needs to tell its ends from its middle."""
    if span <= 0 or not np.isfinite([number, span]).all():
        return tick_number(number)
    decimals = int(np.floor(np.log10(span))) - (_DIGITS - 1)
    return tick_number(float(np.round(number, -decimals)))


def _sample() -> ScaleBar:
    made = ScaleBar()
    made.set_scale("Loss", "nats", 82.3, 214.9)
    return made


if __name__ == "__main__":
    sys.exit(show_alone(_sample, size="400x60"))
