"""The metric over the values of each setting: the mean, with a band of one standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from aestudio.gui.plots.nice_ticks import nice_ticks
from aestudio.gui.plots.numbers import short_number, tick_numbers
from aestudio.gui.plots.painted_chart import PaintedChart, small_metrics
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from aestudio.sweeps.sweep_summary import SettingCurve

translate = QCoreApplication.translate
_BETWEEN, _DOT, _INSIDE, _NEAR = 20, 3, 14, 14  # logical pixels


class SettingCurves(PaintedChart):
    """A panel for each setting, all on one scale, so that their effects can be compared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("SettingCurves", "Curves of the settings"), parent)
        self._curves: tuple[SettingCurve, ...] = ()
        self._metric = ""

    def show_curves(self, curves: tuple[SettingCurve, ...], metric: str) -> None:
        """Show these curves. metric: its title"""
        self._curves, self._metric = curves, metric
        self.update()

    @property
    def has_content(self) -> bool:
        return any(mean is not None for curve in self._curves for mean in curve.means)

    def table(self) -> ValueTable:
        header = (
            translate("SettingCurves", "Setting"),
            translate("SettingCurves", "Value"),
            self._metric,
            translate("SettingCurves", "Standard error"),
            translate("SettingCurves", "Runs"),
        )
        rows = [
            (curve.axis.title, text, *("" if one is None else one for one in (mean, error)), count)
            for curve in self._curves
            for text, mean, error, count in zip(
                curve.axis.texts, curve.means, curve.errors, curve.counts, strict=True
            )
        ]
        return ValueTable(header, rows)

    # ---- geometry ---------------------------------------------------------------------------------

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest value that is drawn, bands included."""
        ends = [
            mean + sign * (error or 0.0)
            for curve in self._curves
            for mean, error in zip(curve.means, curve.errors, strict=True)
            if mean is not None
            for sign in (-1, 1)
        ]
        low, high = min(ends), max(ends)
        around = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
        return low - around, high + around

    def _ticks(self) -> tuple[list[float], list[str]]:
        ticks = nice_ticks(*self.span)
        return ticks, tick_numbers(ticks)

    def panel_rect(self, number: int) -> QRectF:
        """The plotting area of a setting."""
        px, metrics = current_theme().px, small_metrics()
        left = max(map(metrics.horizontalAdvance, self._ticks()[1]), default=0.0) + px(12)
        above, below = metrics.height() + px(12), 2 * metrics.height() + px(12)
        count = len(self._curves)
        width = (self.width() - left - px(8) - (count - 1) * px(_BETWEEN)) / count
        return QRectF(
            left + number * (width + px(_BETWEEN)),
            above,
            max(1.0, width),
            max(1.0, self.height() - above - below),
        )

    def point(self, number: int, value: int, score: float) -> QPointF:
        """Where a score of a value is, in pixels."""
        box, (low, high) = self.panel_rect(number), self.span
        inside = current_theme().px(_INSIDE)
        place = self._curves[number].axis.places[value]
        across = box.left() + inside + place * (box.width() - 2 * inside)
        return QPointF(across, box.bottom() - (score - low) / (high - low) * box.height())

    def help_at(self, point: QPoint) -> str | None:
        near = current_theme().px(_NEAR)
        if not self.has_content:
            return None
        for number, curve in enumerate(self._curves):
            for value, mean in enumerate(curve.means):
                if mean is None:
                    continue
                away = self.point(number, value, mean) - QPointF(point)
                if away.manhattanLength() <= near:
                    return self._text(curve, value, mean)
        return None

    def _text(self, curve: SettingCurve, value: int, mean: float) -> str:
        error, score = curve.errors[value], short_number(mean)
        if error is not None:
            score = f"{score} ± {error:.2g}"
        text = translate("SettingCurves", "{}: {}\n{}: {} ({} runs)")
        axis = curve.axis
        return text.format(axis.title, axis.texts[value], self._metric, score, curve.counts[value])

    # ---- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        theme, metrics = current_theme(), small_metrics()
        ticks, texts = self._ticks()
        painter.setPen(QColor(theme.muted))
        title = translate("SettingCurves", "{}: mean and standard error of all runs with the value")
        whole = QRectF(0, 0, self.width(), metrics.height() + theme.px(4))
        shown = metrics.elidedText(title.format(self._metric), Qt.TextElideMode.ElideRight, whole.width())
        painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, shown)
        for number, curve in enumerate(self._curves):
            self._paint_panel(painter, number, curve, ticks, texts)

    def _paint_panel(
        self, painter: QPainter, number: int, curve: SettingCurve, ticks: list[float], texts: list[str]
    ) -> None:
        theme, metrics, box = current_theme(), small_metrics(), self.panel_rect(number)
        low, high = self.span
        for tick, text in zip(ticks, texts, strict=True):
            y = box.bottom() - (tick - low) / (high - low) * box.height()
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            if number == 0:
                painter.setPen(QColor(theme.muted))
                at = QRectF(0, y - metrics.height() / 2, box.left() - theme.px(6), metrics.height())
                painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_curve(painter, number, curve)
        self._paint_values(painter, number, curve)

    def _paint_curve(self, painter: QPainter, number: int, curve: SettingCurve) -> None:
        theme = current_theme()
        known = [
            (value, mean, curve.errors[value] or 0.0)
            for value, mean in enumerate(curve.means)
            if mean is not None
        ]
        accent, shade = QColor(theme.accent), QColor(theme.accent)
        shade.setAlphaF(0.25)
        if curve.axis.numeric:
            upper = [self.point(number, value, mean + error) for value, mean, error in known]
            lower = [self.point(number, value, mean - error) for value, mean, error in reversed(known)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawPolygon(QPolygonF(upper + lower))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2 * theme.scale))
            painter.drawPolyline(QPolygonF([self.point(number, value, mean) for value, mean, _ in known]))
        painter.setPen(QPen(accent, 2 * theme.scale))
        painter.setBrush(accent)
        for value, mean, error in known:
            if error and not curve.axis.numeric:  # nothing lies between two values
                ends = [self.point(number, value, mean + sign * error) for sign in (-1, 1)]
                painter.drawLine(*ends)
            painter.drawEllipse(self.point(number, value, mean), theme.px(_DOT), theme.px(_DOT))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_values(self, painter: QPainter, number: int, curve: SettingCurve) -> None:
        theme, metrics, box = current_theme(), small_metrics(), self.panel_rect(number)
        last = -1.0
        painter.setPen(QColor(theme.text))
        low = self.span[0]
        for value, text in enumerate(curve.axis.texts):
            width = metrics.horizontalAdvance(text)
            left = self.point(number, value, low).x() - width / 2
            if left < last:
                continue
            last = left + width + theme.px(4)
            at = QRectF(left, box.bottom() + theme.px(2), width + 1, metrics.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(theme.muted))
        below = QRectF(
            box.left(), box.bottom() + metrics.height() + theme.px(6), box.width(), metrics.height()
        )
        shown = metrics.elidedText(curve.axis.title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, shown)
