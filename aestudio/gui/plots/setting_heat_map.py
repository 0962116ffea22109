"""A heat map of two settings: the mean of the metric for each pair of values, written and as a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPen

from aestudio.gui.plots.numbers import short_number
from aestudio.gui.plots.painted_chart import PaintedChart, small_metrics
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import contrast, mix
from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from aestudio.sweeps.sweep_summary import SettingHeatMap

translate = QCoreApplication.translate
_TITLE, _GAP = 24, 2  # logical pixels


class HeatMapPlot(PaintedChart):
    """The best cell has the accent colour. chosen(down, across): a cell with runs was clicked"""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("HeatMapPlot", "Heat map of two settings"), parent)
        self._map: SettingHeatMap | None = None
        self._metric, self._higher = "", False

    def show_map(self, heat_map: SettingHeatMap | None, metric: str, *, higher: bool) -> None:
        """Show these means; None for nothing. metric: its title; higher: whether its highest is the best"""
        self._map, self._metric, self._higher = heat_map, metric, higher
        self.update()

    @property
    def has_content(self) -> bool:
        return self._map is not None

    def table(self) -> ValueTable:
        shown = self._map
        assert shown is not None
        runs = translate("HeatMapPlot", "Runs")
        return ValueTable(
            (shown.down.title, shown.across.title, self._metric, runs),
            [
                (down, across, "" if mean is None else mean, count)
                for down, means, counts in zip(shown.down.texts, shown.means, shown.counts, strict=True)
                for across, mean, count in zip(shown.across.texts, means, counts, strict=True)
            ],
        )

    # ---- geometry ---------------------------------------------------------------------------------

    def _box(self) -> QRectF:
        """The area of the cells."""
        px, metrics = current_theme().px, small_metrics()
        texts = () if self._map is None else self._map.down.texts
        left = px(_TITLE) + max(map(metrics.horizontalAdvance, texts), default=0.0) + px(8)
        below = 2 * metrics.height() + px(12)
        above = metrics.height() + px(12)
        return QRectF(
            left, above, max(1.0, self.width() - left - px(8)), max(1.0, self.height() - above - below)
        )

    def cell_rect(self, down: int, across: int) -> QRectF:
        """The rectangle of a cell; the first value of `down` is the lowest row."""
        box, shown = self._box(), self._map
        assert shown is not None
        width, height = box.width() / len(shown.across.values), box.height() / len(shown.down.values)
        gap = current_theme().px(_GAP)
        return QRectF(
            box.left() + across * width, box.bottom() - (down + 1) * height, width - gap, height - gap
        )

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        box, shown = self._box(), self._map
        if shown is None or not box.contains(at):
            return None
        across = int((at.x() - box.left()) / box.width() * len(shown.across.values))
        down = int((box.bottom() - at.y()) / box.height() * len(shown.down.values))
        return min(down, len(shown.down.values) - 1), min(across, len(shown.across.values) - 1)

    # ---- input ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell, shown = self._cell_at(event.position()), self._map
        left = event.button() == Qt.MouseButton.LeftButton
        if left and cell is not None and shown is not None and shown.counts[cell[0]][cell[1]]:
            self.chosen.emit(*cell)

    def help_at(self, point: QPoint) -> str | None:
        cell, shown = self._cell_at(QPointF(point)), self._map
        if cell is None or shown is None:
            return None
        down, across = cell
        mean, count = shown.means[down][across], shown.counts[down][across]
        value = translate("HeatMapPlot", "no run yet") if mean is None else short_number(mean)
        return "\n".join(
            (
                f"{shown.down.title}: {shown.down.texts[down]}",
                f"{shown.across.title}: {shown.across.texts[across]}",
                translate("HeatMapPlot", "{}: {} (mean of {} runs)").format(self._metric, value, count),
            )
        )

    # ---- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        shown = self._map
        assert shown is not None
        for down, means in enumerate(shown.means):
            for across, mean in enumerate(means):
                self._paint_cell(painter, self.cell_rect(down, across), mean)
        self._paint_axes(painter, shown)

    def _goodness(self, mean: float) -> float:
        shown = self._map
        assert shown is not None
        known = [one for row in shown.means for one in row if one is not None]
        low, high = min(known), max(known)
        share = (mean - low) / (high - low) if high > low else 1.0
        return share if self._higher or high == low else 1.0 - share

    def _paint_cell(self, painter: QPainter, cell: QRectF, mean: float | None) -> None:
        theme = current_theme()
        if mean is None:
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setPen(QColor(theme.muted))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "–")
            return
        colour = mix(theme.raised, theme.accent, self._goodness(mean))
        painter.fillRect(cell, QColor(colour))
        text, metrics = short_number(mean), small_metrics()
        if metrics.horizontalAdvance(text) + 4 <= cell.width() and metrics.height() <= cell.height():
            ink = max((theme.text, theme.on_accent), key=lambda one: contrast(one, colour))
            painter.setPen(QColor(ink))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_axes(self, painter: QPainter, shown: SettingHeatMap) -> None:
        theme, metrics, box = current_theme(), small_metrics(), self._box()
        px, centre = theme.px, Qt.AlignmentFlag.AlignCenter
        painter.setPen(QColor(theme.text))
        last = -1.0
        for across, text in enumerate(shown.across.texts):
            cell, width = self.cell_rect(0, across), metrics.horizontalAdvance(text)
            left = cell.center().x() - width / 2
            if left < last:
                continue
            last = left + width + px(4)
            painter.drawText(QRectF(left, box.bottom() + px(2), width + 1, metrics.height()), centre, text)
        for down, text in enumerate(shown.down.texts):
            cell = self.cell_rect(down, 0)
            at = QRectF(px(_TITLE), cell.top(), box.left() - px(_TITLE) - px(8), cell.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(theme.muted))
        below = QRectF(box.left(), box.bottom() + metrics.height() + px(6), box.width(), metrics.height())
        painter.drawText(below, centre, shown.across.title)
        painter.drawText(QRectF(box.left(), 0, box.width(), box.top()), centre, self._metric)
        painter.save()
        painter.translate(px(_TITLE) / 2, box.center().y())
        painter.rotate(-90)
        painter.drawText(
            QRectF(-box.height() / 2, -px(_TITLE) / 2, box.height(), px(_TITLE)), centre, shown.down.title
        )
        painter.restore()
