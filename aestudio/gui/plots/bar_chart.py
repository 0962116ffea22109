"""The base of the bar charts: horizontal bars, names on the left, values on the right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import write_hint
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

_ROW = 44
_BAR = 20
_LEAST_BAR = 160


@dataclass(frozen=True)
class Bar:
    """One row. length, low and high are shares of the full width in [0, 1]; low/high draw an interval."""

    name: str
    length: float
    value: str
    note: str = ""
    interval: tuple[float, float] | None = None
    strong: bool = False

    @property
    def whole(self) -> str:
        """All that it says in one line."""
        return f"{self.name}: {self.value.strip()} {self.note}".strip()


class BarChart(PaintedWidget):
    """Draws rows of bars; `AccuracyBars` and `SizeBars` give them a meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._empty = ""
        self._reserved = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The rows that are shown."""
        return self._bars

    def set_rows(self, bars: tuple[Bar, ...]) -> None:
        """Show these rows."""
        if bars == self._bars:
            return
        self._bars = bars
        self.setAccessibleDescription("; ".join(bar.whole for bar in bars))
        self.updateGeometry()
        self.update()

    def reserve(self, rows: int) -> None:
        """Keep space for `rows` rows before they are set."""
        self._reserved = rows
        self.updateGeometry()

    def set_empty_text(self, text: str) -> None:
        """The sentence shown while there are no rows."""
        if text != self._empty:
            self._empty = text
            self.update()

    def offer_at(self, at: QPoint | None) -> Offer:
        """The chart with its numbers, and the texts of the row at the pointer."""
        name, bars = self.accessibleName(), self._bars
        if not bars:
            return Offer(chart=name, screen=self)
        row = -1 if at is None else at.y() // self.row_height
        text = bars[row].whole if 0 <= row < len(bars) else ""
        return Offer(
            what=text,
            chart=name,
            text=text,
            screen=self,
            figure=self.paper,
            values=lambda: ValueTable(
                (self.tr("Name"), self.tr("Value"), self.tr("Note")),
                [(bar.name, bar.value.strip(), bar.note) for bar in bars],
            ),
        )

    def sizeHint(self) -> QSize:
        """The size of all rows."""
        theme = current_theme()
        width = self._names_width() + self._values_width() + theme.px(2 * _LEAST_BAR)
        return QSize(round(width), theme.px(_ROW) * max(self._reserved, len(self._bars)))

    def minimumSizeHint(self) -> QSize:
        """Rows as low as their two lines of text, with short bars."""
        theme = current_theme()
        width = self._names_width() + self._values_width() + theme.px(_LEAST_BAR)
        return QSize(round(width), self._least_row() * max(self._reserved, len(self._bars)))

    def _least_row(self) -> int:
        """The height of a value over its note, logical pixels."""
        theme = current_theme()
        lines = QFontMetricsF(_value_font()), QFontMetricsF(font(theme, theme.caption_size))
        return min(theme.px(_ROW), math.ceil(sum(metrics.height() for metrics in lines)))

    @property
    def row_height(self) -> int:
        """The current height of a row; all rows are always visible."""
        rows = max(1, len(self._bars))
        return max(self._least_row(), min(current_theme().px(_ROW), self.height() // rows))

    def _names_width(self) -> float:
        metrics = QFontMetricsF(font(current_theme()))
        widest = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0.0)
        return widest + current_theme().px(12)

    def _values_width(self) -> float:
        theme = current_theme()
        large, small = QFontMetricsF(_value_font()), QFontMetricsF(font(theme, theme.caption_size))
        widths = [
            max(large.horizontalAdvance(bar.value), small.horizontalAdvance(bar.note)) for bar in self._bars
        ]
        return max(widths, default=0.0) + theme.px(16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        if not self._bars:
            write_hint(painter, self.rect(), self._empty)
            return
        names, values = self._names_width(), self._values_width()
        bar_width = max(1.0, self.width() - names - values)
        height = self.row_height
        for row, bar in enumerate(self._bars):
            top = row * height
            self._paint_name(painter, bar, QRectF(0, top, names - theme.px(12), height))
            self._paint_bar(painter, bar, QRectF(names, top, bar_width, height))
            at = QRectF(names + bar_width + theme.px(12), top, values - theme.px(12), height)
            self._paint_value(painter, bar, at)

    def _paint_name(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        painter.setPen(QColor(current_theme().text))
        painter.setFont(font(current_theme()))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, one_line(bar.name))

    def _paint_bar(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        theme = current_theme()
        height = theme.px(_BAR)
        track = QRectF(box.left(), box.center().y() - height / 2, box.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(track, theme.px(3), theme.px(3))
        filled = QRectF(track)
        filled.setWidth(max(theme.px(2), track.width() * min(1.0, max(0.0, bar.length))))
        painter.setBrush(QColor(theme.accent if bar.strong else mix(theme.panel, theme.muted, 0.75)))
        painter.drawRoundedRect(filled, theme.px(3), theme.px(3))
        if bar.interval is not None:
            self._paint_interval(painter, track, bar.interval)

    def _paint_interval(self, painter: QPainter, track: QRectF, interval: tuple[float, float]) -> None:
        theme = current_theme()
        low, high = (track.left() + track.width() * min(1.0, max(0.0, end)) for end in interval)
        middle, cap = track.center().y(), theme.px(5)
        for colour, width in ((theme.panel, theme.px(5)), (theme.text, theme.px(2))):
            pen = QPen(QColor(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(round(low), round(middle), round(high), round(middle))
            for end in (low, high):
                painter.drawLine(round(end), round(middle - cap), round(end), round(middle + cap))

    def _paint_value(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        theme = current_theme()
        left = Qt.AlignmentFlag.AlignLeft
        half = box.height() / 2
        painter.setPen(QColor(theme.text))
        painter.setFont(_value_font())
        if not bar.note:
            painter.drawText(box, left | Qt.AlignmentFlag.AlignVCenter, bar.value)
            return
        upper, lower = QRectF(box), QRectF(box)
        upper.setHeight(half)
        lower.setTop(box.top() + half)
        painter.drawText(upper, left | Qt.AlignmentFlag.AlignBottom, bar.value)
        painter.setPen(QColor(theme.muted))
        painter.setFont(font(theme, theme.caption_size))
        painter.drawText(lower, left | Qt.AlignmentFlag.AlignTop, bar.note)


def _value_font() -> QFont:
    theme = current_theme()
    return font(theme, theme.label_size, QFont.Weight.DemiBold)
