"""Names beside the ends of the curves, which need no legend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem

_WIDEST_VALUE = "0,000.00"
_WIDEST_SMOOTHED = "(0.0000)"
_AROUND = 23  # pixels: the dash before a label, and a little space at the edge
_LINE, _BETWEEN, _INDENT = 17, 4, 19  # pixels: height of a line, space between labels, the dash before one
_DASH, _GAP_OF_ROW = 15, 9  # in a row: the dash before a value, and the space after it


@dataclass(frozen=True)
class EndLabel:
    """A name and a value in the colour of a line; `y` is in the plot's view coordinates.

    smoothed: the smoothed value, in brackets, or where the value is from; "" for none, or for the same
    """

    name: str
    value: str
    colour: str
    y: float
    smoothed: str = ""

    @property
    def values(self) -> str:
        """Both values: "82.41 (83.02)"."""
        return f"{self.value} {self.smoothed}".rstrip()


def spread(targets: list[float], distance: float, low: float, high: float) -> list[float]:
    """Positions near the targets (ascending), at least `distance` apart, within [low, high] if they fit."""
    positions: list[float] = []
    for target in targets:
        positions.append(max(target, low, positions[-1] + distance if positions else low))
    limit = high
    for index in reversed(range(len(positions))):
        positions[index] = min(positions[index], limit)
        limit = positions[index] - distance
    shift = max(0.0, low - positions[0]) if positions else 0.0
    return [position + shift for position in positions]


class EndLabels(pg.GraphicsWidget):
    """The column to the right of a plot with one label per curve."""

    def __init__(self, view_box: pg.ViewBox) -> None:
        super().__init__()
        self._view_box = view_box
        self._labels: tuple[EndLabel, ...] = ()
        self._widest = _WIDEST_VALUE
        view_box.sigYRangeChanged.connect(self._moved)

    @property
    def labels(self) -> tuple[EndLabel, ...]:
        """The labels that are shown."""
        return self._labels

    def set_labels(self, labels: tuple[EndLabel, ...]) -> None:
        """Show these labels. The column never gets narrower, so that the plot keeps its width."""
        if labels != self._labels:
            self._labels = labels
            self._widen()
            self.update()

    def keep_space_for_smoothed(self, kept: bool) -> None:
        """Keep space for smoothed values from now on, so that the plot does not move when they appear."""
        self._widest = f"{_WIDEST_VALUE} {_WIDEST_SMOOTHED}" if kept else _WIDEST_VALUE
        self._widen()

    def apply_theme(self) -> None:
        """Use the fonts and colours of the current theme."""
        self.setMinimumWidth(0)
        self._widen()
        self.update()

    def _widen(self) -> None:
        theme = current_theme()
        bold, plain = QFontMetricsF(self._name_font()), QFontMetricsF(font(theme))
        widths = [bold.horizontalAdvance(label.name) for label in self._labels]
        values = [self._widest, *(label.values for label in self._labels)] if self._labels else []
        widths += [plain.horizontalAdvance(text) for text in values]
        width = math.ceil(max(widths, default=0.0)) + theme.px(_AROUND)
        if width > self.minimumWidth():
            self.setMinimumWidth(width)
            self.setMaximumWidth(width)

    @property
    def is_crowded(self) -> bool:
        """Whether there is one line for each label, for its name and value, and not two."""
        theme = current_theme()
        return len(self._labels) * (2 * theme.px(_LINE) + theme.px(_BETWEEN)) > self.size().height()

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts of the labels as they are painted."""
        if not self.is_crowded:
            return tuple(f"{label.name} {label.values}" for label in self._labels)
        return tuple(f"{label.name} {self._beside(label)[1]}".rstrip() for label in self._labels)

    def _beside(self, label: EndLabel) -> tuple[float, str]:
        """Where the value begins behind the name, and the value; "" if it has no space there."""
        theme = current_theme()
        start = QFontMetricsF(self._name_font()).horizontalAdvance(f"{label.name}  ")
        end = start + QFontMetricsF(font(theme)).horizontalAdvance(label.value)
        return start, label.value if end <= self.size().width() - theme.px(_INDENT) else ""

    def _name_font(self) -> QFont:
        theme = current_theme()
        return font(theme, theme.body_size, QFont.Weight.DemiBold)

    def _moved(self) -> None:
        self.update()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        theme = current_theme()
        line = theme.px(_LINE)
        gap = theme.px(_BETWEEN)
        # If names and values do not fit below each other, the values are beside the names, or left out.
        crowded = self.is_crowded
        height, gap = (line, 0) if crowded else (2 * line, gap)
        ordered = sorted(self._labels, key=lambda label: -label.y)
        at = [self._view_box.mapViewToDevice(QPointF(0, label.y)) for label in ordered]
        top = self._view_box.mapToDevice(QPointF(0, 0))
        if top is None:
            return  # not in a scene yet
        inside = [min(max(point.y() - top.y(), 0.0), self.size().height()) for point in at if point]
        positions = spread(inside, height + gap, height / 2, self.size().height() - height / 2)
        for label, middle in zip(ordered, positions, strict=True):
            self._paint_label(painter, label, middle - height / 2, line, valued=not crowded)

    def _paint_label(
        self, painter: QPainter, label: EndLabel, top: float, line: int, *, valued: bool
    ) -> None:
        theme = current_theme()
        swatch = QRectF(theme.px(4), top + line / 2 - theme.px(1.5), theme.px(10), theme.px(3))
        painter.fillRect(swatch, QColor(label.colour))
        box = QRectF(theme.px(_INDENT), top, self.size().width() - theme.px(_INDENT), line)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.text))
        painter.setFont(self._name_font())
        painter.drawText(box, flags, label.name)
        if not valued:
            painter.setFont(font(theme))
            beside, value = self._beside(label)
            painter.drawText(box.adjusted(beside, 0, 0, 0), flags, value)
        else:
            painter.setFont(font(theme))
            below = box.translated(0, line)
            painter.drawText(below, flags, label.value)
            painter.setPen(QColor(theme.muted))
            below.setLeft(below.left() + painter.fontMetrics().horizontalAdvance(f"{label.value} "))
            painter.drawText(below, flags, label.smoothed)


class EndRow(QWidget):
    """The values of a small plot's curves in one line above it, each with a dash in its curve's colour.

    The smoothed values are beside them if there is space for all, as in the tooltip in any case; a value for
    which there is none is in the tooltip only.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[EndLabel, ...] = ()

    def set_labels(self, labels: tuple[EndLabel, ...]) -> None:
        """Show these labels."""
        if labels != self._labels:
            self._labels = labels
            self.setToolTip("\n".join(f"{label.name}: {label.values}" for label in labels))
            self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(0, current_theme().px(18))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return self.sizeHint()

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts that there is space for, from left to right."""
        step, smoothed = self._step_and_smoothed()
        fitting = self._labels[: max(1, int((self.width() + _GAP_OF_ROW) / step))]
        return tuple(label.values if smoothed else label.value for label in fitting)

    def _step_and_smoothed(self) -> tuple[float, bool]:
        """The distance between two values, and whether the smoothed ones are written too."""
        theme = current_theme()
        metrics, around = QFontMetricsF(font(theme)), theme.px(_DASH) + theme.px(_GAP_OF_ROW)
        both = self._widest(metrics, f"{_WIDEST_VALUE} {_WIDEST_SMOOTHED}", smoothed=True) + around
        if len(self._labels) * both - theme.px(_GAP_OF_ROW) <= self.width():
            return both, True
        return self._widest(metrics, _WIDEST_VALUE, smoothed=False) + around, False

    def _widest(self, metrics: QFontMetricsF, usual: str, *, smoothed: bool) -> float:
        """The width of the usual text, so that nothing moves; more for a longer one (a KL of 0.004300)."""
        texts = (label.values if smoothed else label.value for label in self._labels)
        return max(map(metrics.horizontalAdvance, (usual, *texts)))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        step, _ = self._step_and_smoothed()
        painter = QPainter(self)
        painter.setFont(font(theme))
        for index, (label, text) in enumerate(zip(self._labels, self.shown, strict=False)):
            left, middle = index * step, self.height() / 2
            swatch = QRectF(left, middle - theme.px(1.5), theme.px(10), theme.px(3))
            painter.fillRect(swatch, QColor(label.colour))
            painter.setPen(QColor(theme.text))
            text_box = QRectF(left + theme.px(_DASH), 0, step - theme.px(_DASH), self.height())
            painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, text)
