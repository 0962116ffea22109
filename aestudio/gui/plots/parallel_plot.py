"""Parallel coordinates: an axis for each setting and one for the metric, a line for each candidate."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from aestudio.gui.plots.painted_chart import PaintedChart, small_metrics
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import ValueTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.sweeps.setting_axes import SettingAxis
    from aestudio.sweeps.sweep_summary import ParallelLine

translate = QCoreApplication.translate
_TOP, _BOTTOM, _SIDE, _NEAR_AXIS, _NEAR_LINE, _BRUSH = 40, 20, 72, 16, 8, 12  # logical pixels
_LEAST_SPAN = 0.002  # of a brush, of the axis

KEYS = LocalKeys(
    lambda: translate("keys", "Parallel coordinates"),
    LocalKey("parallel.better", ("Up",), lambda: translate("keys", "goes to the next better candidate")),
    LocalKey("parallel.worse", ("Down",), lambda: translate("keys", "goes to the next worse candidate")),
    LocalKey("parallel.clear", ("Del", "Backspace"), lambda: translate("keys", "shows all candidates again")),
)


class ParallelPlot(PaintedChart):
    """Drag along an axis to keep the candidates in that part; click the axis to take it away.

    chosen(candidate): a line was clicked; brushed(): other candidates are within all brushes
    """

    chosen = Signal(int)
    brushed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("ParallelPlot", "Parallel coordinates"), parent)
        self._axes: tuple[SettingAxis, ...] = ()
        self._lines: tuple[ParallelLine, ...] = ()
        self._higher = False
        self._selected: int | None = None
        self._brushes: dict[int, tuple[float, float]] = {}
        self._pressed: tuple[int, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(
            translate("ParallelPlot", "Drag along an axis to keep part of it; click a line to select it")
        )

    # ---- content ----------------------------------------------------------------------------------

    def show_lines(
        self, axes: tuple[SettingAxis, ...], lines: tuple[ParallelLine, ...], *, higher: bool
    ) -> None:
        """Show these lines. axes: the metric's last; higher: whether its highest value is the best

        Brushes stay while the axes are those of before.
        """
        if [axis.name for axis in axes] != [axis.name for axis in self._axes]:
            self._brushes = {}
        self._axes, self._lines, self._higher = axes, lines, higher
        self.update()

    def select(self, candidate: int | None) -> None:
        """Show this candidate as the selected one."""
        if candidate != self._selected:
            self._selected = candidate
            self.update()

    @property
    def has_content(self) -> bool:
        return bool(self._lines)

    @property
    def brushes(self) -> dict[int, tuple[float, float]]:
        """The part of each brushed axis, by its number, from low to high in [0, 1]."""
        return dict(self._brushes)

    @property
    def kept(self) -> frozenset[int] | None:
        """The candidates within all brushes; None without any brush."""
        if not self._brushes:
            return None
        return frozenset(line.candidate for line in self._lines if self._is_kept(line))

    def clear_brushes(self) -> None:
        """Show all candidates again."""
        if self._brushes:
            self._brushes = {}
            self.update()
            self.brushed.emit()

    def _is_kept(self, line: ParallelLine) -> bool:
        return all(low <= line.places[axis] <= high for axis, (low, high) in self._brushes.items())

    def table(self) -> ValueTable:
        header = (translate("ParallelPlot", "Candidate"), *(axis.title for axis in self._axes))
        rows = [(line.candidate + 1, *line.places) for line in self._lines]
        return ValueTable(header, rows)

    # ---- geometry ---------------------------------------------------------------------------------

    def _box(self) -> QRectF:
        px = current_theme().px
        return QRectF(
            px(_SIDE),
            px(_TOP),
            max(1, self.width() - 2 * px(_SIDE)),
            max(1, self.height() - px(_TOP) - px(_BOTTOM)),
        )

    def point(self, axis: int, place: float) -> QPointF:
        """Where a place of an axis is, in pixels."""
        box = self._box()
        across = axis / (len(self._axes) - 1) if len(self._axes) > 1 else 0.5
        return QPointF(box.left() + across * box.width(), box.bottom() - place * box.height())

    def _axis_at(self, at: QPointF) -> int | None:
        near = current_theme().px(_NEAR_AXIS)
        distances = [abs(self.point(axis, 0.0).x() - at.x()) for axis in range(len(self._axes))]
        nearest = min(range(len(distances)), key=distances.__getitem__, default=None)
        return nearest if nearest is not None and distances[nearest] <= near else None

    def _place_at(self, at: QPointF) -> float:
        box = self._box()
        return min(1.0, max(0.0, (box.bottom() - at.y()) / box.height()))

    def line_at(self, at: QPointF) -> int | None:
        """The candidate whose line is at this point; None if none is near."""
        near = current_theme().px(_NEAR_LINE)
        found = [(self._distance(line, at), line.candidate) for line in self._lines if self._is_kept(line)]
        distance, candidate = min(found, default=(math.inf, -1))
        return candidate if distance <= near else None

    def _distance(self, line: ParallelLine, at: QPointF) -> float:
        points = self._points(line)
        return min(
            (_from_segment(at, first, second) for first, second in itertools.pairwise(points)),
            default=math.inf,
        )

    def _points(self, line: ParallelLine) -> list[QPointF]:
        return [self.point(axis, place) for axis, place in enumerate(line.places)]

    # ---- input ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        axis = self._axis_at(event.position())
        if axis is not None:
            self._pressed = axis, event.position().y()
            return
        candidate = self.line_at(event.position())
        if candidate is not None:
            self.chosen.emit(candidate)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        axis, began = self._pressed
        if abs(event.position().y() - began) >= QApplication.startDragDistance():
            ends = self._place_at(QPointF(0, began)), self._place_at(event.position())
            if abs(ends[0] - ends[1]) >= _LEAST_SPAN:
                self._brushes[axis] = min(ends), max(ends)
                self.update()
                self.brushed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        still = abs(event.position().y() - pressed[1]) < QApplication.startDragDistance()
        if still and self._brushes.pop(pressed[0], None) is not None:
            self.update()
            self.brushed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.clear_brushes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = KEYS.command(event)
        if command == "parallel.clear":
            self.clear_brushes()
        elif command in ("parallel.better", "parallel.worse"):
            self._go(1 if command == "parallel.better" else -1)
        else:
            event.ignore()

    def _go(self, step: int) -> None:
        """Choose the candidate that is better or worse by one."""
        kept = [line for line in self._lines if self._is_kept(line)]
        order = sorted(kept, key=lambda line: line.places[-1], reverse=not self._higher)
        numbers = [line.candidate for line in order]
        if not numbers:
            return
        place = numbers.index(self._selected) + step if self._selected in numbers else len(numbers) - 1
        self.chosen.emit(numbers[min(max(place, 0), len(numbers) - 1)])

    def help_at(self, point: QPoint) -> str | None:
        candidate = self.line_at(QPointF(point))
        line = next((one for one in self._lines if one.candidate == candidate), None)
        if line is None:
            return None
        return "\n".join(
            f"{axis.title}: {_text_at(axis, place)}"
            for axis, place in zip(self._axes, line.places, strict=True)
        )

    # ---- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        order = sorted(self._lines, key=lambda line: (self._is_kept(line), self._goodness(line)))
        for line in order:
            self._paint_line(painter, line)
        selected = next((line for line in self._lines if line.candidate == self._selected), None)
        if selected is not None and self._is_kept(selected):
            self._stroke(painter, selected, QColor(current_theme().text), 3.0)
        for number, axis in enumerate(self._axes):
            self._paint_axis(painter, number, axis)

    def _goodness(self, line: ParallelLine) -> float:
        return line.places[-1] if self._higher else 1.0 - line.places[-1]

    def _paint_line(self, painter: QPainter, line: ParallelLine) -> None:
        theme = current_theme()
        if self._is_kept(line):
            colour = QColor(mix(theme.muted, theme.accent, self._goodness(line)))
            colour.setAlphaF(0.9)
            self._stroke(painter, line, colour, 1.6)
        else:
            self._stroke(painter, line, QColor(theme.line), 1.0)

    def _stroke(self, painter: QPainter, line: ParallelLine, colour: QColor, width: float) -> None:
        painter.setPen(QPen(colour, current_theme().scale * width))
        painter.drawPolyline(QPolygonF(self._points(line)))

    def _paint_axis(self, painter: QPainter, number: int, axis: SettingAxis) -> None:
        theme, metrics = current_theme(), small_metrics()
        px = theme.px
        top, bottom = self.point(number, 1.0), self.point(number, 0.0)
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(top, bottom)
        if number in self._brushes:
            low, high = (self.point(number, place).y() for place in self._brushes[number])
            box = QRectF(top.x() - px(_BRUSH) / 2, high, px(_BRUSH), low - high)
            shade = QColor(theme.accent)
            shade.setAlphaF(0.35)
            painter.fillRect(box, shade)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(box)
        self._paint_texts(painter, number, axis)
        width = self._box().width() / max(1, len(self._axes) - 1) - px(8)
        title = metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, min(width, 2 * px(_SIDE)))
        painter.setPen(QColor(theme.text))
        place = QRectF(top.x() - width / 2, 0, width, top.y() - px(12))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_texts(self, painter: QPainter, number: int, axis: SettingAxis) -> None:
        """The values beside the axis, as many as fit above each other."""
        theme, metrics = current_theme(), small_metrics()
        last = math.inf
        for text, place in _from_below(axis):
            at = self.point(number, place)
            if last - at.y() < metrics.height():
                continue
            last = at.y()
            box = metrics.boundingRect(text).translated(0, 0)
            box.moveLeft(at.x() + theme.px(_BRUSH))
            box.moveTop(at.y() - box.height() / 2)
            behind = QColor(theme.panel)
            behind.setAlphaF(0.8)
            painter.fillRect(box.adjusted(-2, -1, 2, 1), behind)
            painter.setPen(QColor(theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


def _from_below(axis: SettingAxis) -> Sequence[tuple[str, float]]:
    return sorted(zip(axis.texts, axis.places, strict=True), key=lambda pair: pair[1])


def _text_at(axis: SettingAxis, place: float) -> str:
    """What the axis says at a place; of the metric, whose values lie between, a number."""
    found = dict(zip(axis.places, axis.texts, strict=True)).get(place)
    if found is not None or len(axis.values) < 2:
        return found or ""
    low, high = axis.values[0], axis.values[-1]
    share = (place - axis.places[0]) / (axis.places[-1] - axis.places[0])
    return f"{low + share * (high - low):.4g}"


def _from_segment(at: QPointF, first: QPointF, second: QPointF) -> float:
    """The distance of a point from a segment."""
    along = second - first
    length = QPointF.dotProduct(along, along)
    share = min(1.0, max(0.0, QPointF.dotProduct(at - first, along) / length)) if length else 0.0
    away = at - (first + along * share)
    return math.hypot(away.x(), away.y())
