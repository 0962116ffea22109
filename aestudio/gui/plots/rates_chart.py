"""Bits against error of several codecs, a curve for each, on logarithmic scales."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from aestudio.gui.plots.numbers import tick_number
from aestudio.gui.plots.painted_chart import PaintedChart, small_metrics
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import colour_of
from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.tokens import ColourRole

translate = QCoreApplication.translate
_DOT, _NEAR, _GAP, _DASH = 3, 12, 12, 14  # logical pixels
_LEAST = 240, 108  # logical pixels
_AROUND = 1.15  # of the range on a logarithmic scale
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class RatePoint:
    """One setting of a codec: bits per image, mean squared error, and what to say of it."""

    bits: float
    error: float
    text: str


@dataclass(frozen=True)
class RateLine:
    """The settings of one codec, from few bits to many. strong: whether it is the one that this is about."""

    name: str
    points: tuple[RatePoint, ...]
    colour: ColourRole | int
    strong: bool = False


class RatesChart(PaintedChart):
    """Lower and farther left is better; an exact codec has no error, and a mark on the lower edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("RatesChart", "Bits per image against error, by codec"), parent)
        self._lines: tuple[RateLine, ...] = ()
        self._limit: float | None = None

    def show_lines(self, lines: tuple[RateLine, ...], limit: float | None) -> None:
        """Show these codecs. limit: bits per image up to which they are compared, or None"""
        if (lines, limit) != (self._lines, self._limit):
            self._lines, self._limit = lines, limit
            self.update()

    @property
    def has_content(self) -> bool:
        return any(line.points for line in self._lines)

    def table(self) -> ValueTable:
        header = (
            translate("RatesChart", "Codec"),
            translate("RatesChart", "Setting"),
            translate("RatesChart", "Bits per image"),
            translate("RatesChart", "Mean squared error per pixel"),
        )
        rows = [
            (line.name, point.text.splitlines()[0], point.bits, point.error)
            for line in self._lines
            for point in line.points
        ]
        return ValueTable(header, rows)

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(_LEAST[0]), current_theme().px(_LEAST[1]))

    # ---- geometry ---------------------------------------------------------------------------------

    def box(self) -> QRectF:
        """The plotting area."""
        px, metrics = current_theme().px, small_metrics()
        ticks = _ticks(*self.spans()[1]) if self.has_content else []
        numbers = max((metrics.horizontalAdvance(tick_number(tick)) for tick in ticks), default=0)
        left = metrics.height() + numbers + px(12)  # the title stands on its end
        above, below = metrics.height() + px(10), 2 * metrics.height() + px(8)
        width, height = self.width() - left - px(_GAP), self.height() - above - below
        return QRectF(left, above, max(1.0, width), max(1.0, height))

    def spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The lowest and highest number of bits, and those of the errors above 0."""
        points = [point for line in self._lines for point in line.points]
        bits = [max(point.bits, 1.0) for point in points]
        errors = [point.error for point in points if point.error > 0] or [1e-3]
        return (
            (min(bits) / _AROUND, max(bits) * _AROUND),
            (min(errors) / _AROUND, max(errors) * _AROUND),
        )

    def place(self, point: RatePoint) -> QPointF:
        """Where a setting is, in pixels; one without an error is on the lower edge."""
        box, (across, up) = self.box(), self.spans()
        x = box.left() + _share(max(point.bits, 1.0), across) * box.width()
        if point.error <= 0:
            return QPointF(x, box.bottom())
        return QPointF(x, box.bottom() - _share(point.error, up) * box.height())

    def help_at(self, point: QPoint) -> str | None:
        near = current_theme().px(_NEAR)
        if not self.has_content:
            return None
        found = [
            (QPointF(self.place(one) - QPointF(point)).manhattanLength(), f"{line.name}, {one.text}")
            for line in self._lines
            for one in line.points
        ]
        distance, text = min(found)
        return text if distance <= near else None

    def titles(self) -> tuple[str, str]:
        """Of the scale of the bits, and of that of the errors: short where the chart is low."""
        metrics, height = small_metrics(), round(self.box().height())
        up = translate("RatesChart", "Mean squared error per pixel")
        if metrics.horizontalAdvance(up) > height:
            short = translate("RatesChart", "MSE per pixel")
            up = metrics.elidedText(short, Qt.TextElideMode.ElideRight, height)
        return translate("RatesChart", "Bits per image"), up

    # ---- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        box = self.box()
        self._paint_scales(painter, box)
        self._paint_limit(painter, box)
        for line in sorted(self._lines, key=lambda line: line.strong):
            self._paint_line(painter, line)
        self._paint_names(painter, box)

    def _paint_scales(self, painter: QPainter, box: QRectF) -> None:
        theme, metrics = current_theme(), small_metrics()
        across, up = self.spans()
        last = -math.inf
        for tick in _ticks(*across):
            x, text = box.left() + _share(tick, across) * box.width(), f"{tick:,.0f}"
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            width = metrics.horizontalAdvance(text)
            if x - width / 2 > last and x + width / 2 < self.width():
                last = x + width / 2 + theme.px(6)
                painter.setPen(QColor(theme.muted))
                at = QRectF(x - width, box.bottom() + theme.px(2), 2 * width, metrics.height())
                painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)
        last = math.inf
        for tick in _ticks(*up):
            y = box.bottom() - _share(tick, up) * box.height()
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            if y + metrics.height() <= last:
                last = y
                painter.setPen(QColor(theme.muted))
                at = QRectF(0, y - metrics.height() / 2, box.left() - theme.px(6), metrics.height())
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(at, right, tick_number(tick))
        self._paint_titles(painter, box)

    def _paint_titles(self, painter: QPainter, box: QRectF) -> None:
        theme, metrics = current_theme(), small_metrics()
        across, up = self.titles()
        painter.setPen(QColor(theme.muted))
        top = box.bottom() + metrics.height() + theme.px(4)
        below = QRectF(box.left(), top, box.width(), metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, across)
        painter.save()
        painter.translate(0, box.bottom())
        painter.rotate(-90)
        beside = QRectF(0, 0, box.height(), metrics.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, up)
        painter.restore()

    def _paint_limit(self, painter: QPainter, box: QRectF) -> None:
        across = self.spans()[0]
        if self._limit is None or not across[0] < self._limit < across[1]:
            return
        x = box.left() + _share(self._limit, across) * box.width()
        painter.setPen(QPen(QColor(current_theme().text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _paint_line(self, painter: QPainter, line: RateLine) -> None:
        theme = current_theme()
        colour = QColor(colour_of(theme, line.colour))
        places = [self.place(point) for point in line.points]
        painter.setPen(QPen(colour, (3 if line.strong else 1.5) * theme.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(colour)
        dot = theme.px(_DOT + line.strong)
        for place in places:
            painter.drawEllipse(place, dot, dot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if any(point.error <= 0 for point in line.points):
            self._paint_exact(painter, [place for place in places if place.y() >= self.box().bottom()][-1])

    def _paint_exact(self, painter: QPainter, place: QPointF) -> None:
        """Say above a mark on the lower edge that it has no error, which the scale has no place for."""
        theme, metrics = current_theme(), small_metrics()
        text = translate("RatesChart", "no error")
        width = metrics.horizontalAdvance(text) + 1
        left = min(place.x() - width / 2, self.width() - width)
        painter.setPen(QColor(theme.text))
        at = QRectF(left, place.y() - theme.px(_DOT + 3) - metrics.height(), width, metrics.height())
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, box: QRectF) -> None:
        """Above the curves, in one row, the one that this is about first."""
        theme, metrics = current_theme(), small_metrics()
        x = box.left()
        for line in sorted(self._lines, key=lambda line: not line.strong):
            width = metrics.horizontalAdvance(line.name)
            if x + theme.px(_DASH + 4) + width > self.width():
                return
            painter.setPen(QPen(QColor(colour_of(theme, line.colour)), 3 * theme.scale))
            middle = metrics.height() / 2
            painter.drawLine(QPointF(x, middle), QPointF(x + theme.px(_DASH), middle))
            painter.setPen(QColor(theme.text))
            at = QRectF(x + theme.px(_DASH + 4), 0, width + 1, metrics.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, line.name)
            x = at.right() + theme.px(_GAP)


def _share(value: float, span: tuple[float, float]) -> float:
    """Where a value is between both ends, on a logarithmic scale: 0 to 1."""
    return math.log(value / span[0]) / math.log(span[1] / span[0])


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten from low to high, or powers alone if they are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**power for power in powers for step in _STEPS]
    return [float(f"{tick:.1g}") for tick in ticks if low <= tick <= high]
