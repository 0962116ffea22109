"""A colour scale in one line: a title with its unit, and a bar with the numbers at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.plots.numbers import tick_number
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.scales import field_table, sequential_table
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STOPS = 16
_DIGITS = 3
_SHORTEST, _LONGEST = 48, 220  # logical pixels of the bar
_GAP, _TITLE_GAP = 6, 12  # between bar and numbers, and after the title


class ScaleBar(PaintedWidget):
    """`under`: the scale of a field under the points, not of the points themselves."""

    def __init__(self, under: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under = under
        self._title, self._unit = "", ""
        self._limits = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scale(self, title: str, unit: str, low: float, high: float) -> None:
        """Set the title, the unit and the numbers at the left and right end."""
        if (title, unit, (low, high)) != (self._title, self._unit, self._limits):
            self._title, self._unit, self._limits = title, unit, (low, high)
            whole = f"{self.full_title()}: {' – '.join(self.numbers()[::2])}"
            self.setAccessibleName(whole)
            self.setToolTip(whole)
            self.update()

    def full_title(self) -> str:
        """The title and the unit."""
        return f"{self._title} ({self._unit})" if self._unit else self._title

    def numbers(self) -> tuple[str, str, str]:
        """The numbers at the left end, in the middle and at the right end."""
        low, high = self._limits
        low_text, middle, high_text = (_short(number, high - low) for number in (low, (low + high) / 2, high))
        return low_text, middle, high_text

    @property
    def whole_width(self) -> int:
        """The width in which nothing is left out, in pixels: title, unit, numbers and a short bar."""
        return self._texts_width() + current_theme().px(_SHORTEST)

    def _texts_width(self) -> int:
        """Pixels of all but the bar."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme, theme.caption_size))
        low, _, high = self.numbers()
        texts = sum(map(metrics.horizontalAdvance, (self.full_title(), low, high)))
        return texts + theme.px(_TITLE_GAP) + 2 * theme.px(_GAP) + 1

    def sizeHint(self) -> QSize:
        """A line of small text."""
        theme = current_theme()
        return QSize(theme.px(240), _line_height() + theme.px(6))

    def minimumSizeHint(self) -> QSize:
        """Narrower, and equally high."""
        return QSize(current_theme().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, height = current_theme(), self.height()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            metrics, gap = QFontMetrics(painter.font()), theme.px(_GAP)
            low, _, high = self.numbers()
            width, thick = self._bar_width(), theme.px(8)
            right = self.width() - metrics.horizontalAdvance(high)
            bar = QRectF(right - gap - width, (height - thick) / 2, width, thick)
            left = bar.left() - gap - metrics.horizontalAdvance(low)
            space = max(0, int(left) - theme.px(_TITLE_GAP))
            title = metrics.elidedText(self.full_title(), Qt.TextElideMode.ElideRight, space)
            for text, ink, start, end in (
                (title, theme.text, 0, space),
                (low, theme.muted, left, bar.left()),
                (high, theme.muted, right, self.width()),
            ):
                painter.setPen(QColor(ink))
                self._write(painter, text, QRectF(start, 0, end - start, height))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(_gradient(bar, field_table(theme) if self._under else sequential_table(theme)))
            painter.drawRoundedRect(bar, theme.px(3), theme.px(3))

    def _bar_width(self) -> float:
        """What title and unit leave of the line, but not all of a long one."""
        theme = current_theme()
        free = min(self.width() - self._texts_width(), self.width() / 2)
        return min(theme.px(_LONGEST), max(theme.px(_SHORTEST), free))

    def _write(self, painter: QPainter, text: str, space: QRectF) -> None:
        painter.drawText(space, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


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
    """The number with enough digits to tell the scale's ends from its middle."""
    if span <= 0 or not np.isfinite([number, span]).all():
        return tick_number(number)
    decimals = int(np.floor(np.log10(span))) - (_DIGITS - 1)
    return tick_number(float(np.round(number, -decimals)))
