"""Axes with plain numbers, linear or logarithmic, in a margin of fixed width."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from aestudio.gui.plots.numbers import power_number, tick_numbers
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.tokens import mix

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.theme.tokens import Theme

_MARGIN = {"left": 54, "bottom": 26}
_TITLE = {"left": 20, "bottom": 20}
_SPACE_PER_TICK = {"left": 34, "bottom": 64}
_CLOSEST = {"left": 18, "bottom": 44}  # where there would be a single number otherwise
_ROOM_FOR_THREE = 150  # logical pixels: with fewer than three numbers a range of data can have a single one
_EDGE = 2  # pixels between a number and the edge of the plot
# Between a title and the edge of the plot, in logical pixels; pyqtgraph puts it 5 pixels beyond its place.
_TITLE_EDGE, _BEYOND = 2, 5
_MANY = 1000
# Limits of a linear axis, in its own units: outside them, doubles cannot tell neighbouring ticks apart.
_LEAST_WIDTH, _MOST_STEPS = 1e-300, 1e13
_DECADES = 300.0  # of a logarithmic axis, on either side of 1

Ticks = list[tuple[float, list[float]]]


class NumberAxis(pg.AxisItem):
    """An axis of numbers; a logarithmic one positions log10 of the data and writes their values."""

    # Before pyqtgraph lays the axis out for the first time.
    _title_above, _title_at_end, _side, _title_inset, _blank = False, False, "", 0, False

    def __init__(self, side: str) -> None:
        super().__init__(side, showValues=True)
        self._side = side
        self._title = ""
        self._logarithmic = False
        self._margin: float = _MARGIN[side]
        self._overhang, self._type_scale = 0, 1.0
        self._grid_ink = QColor()
        self._number_font, self._number_gap, self._number_room = QFont(), 0, math.inf
        self._most_ticks = _MANY
        self.enableAutoSIPrefix(False)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Read positions along the axis as log10 of the numbers to write."""
        self._logarithmic = logarithmic
        self.picture = None
        self.update()

    def set_blank(self, blank: bool) -> None:
        """Write no numbers and draw no grid: there is nothing that they could be about."""
        if blank != self._blank:
            self._blank = blank
            self.picture = None
            self.update()

    def set_margin(self, margin: float) -> None:
        """Set the space for the numbers, in unscaled logical pixels."""
        self._margin = margin

    def set_most_ticks(self, count: int) -> None:
        """Limit the count of numbers and grid lines, however long the axis is."""
        self._most_ticks = count

    def set_title(self, title: str) -> None:
        """Set what the axis shows, with its unit; call `apply_theme` next if a title comes or goes."""
        if self._title and title and title != self._title:
            self.setLabel(escape(title))  # pyqtgraph reads it as markup
            self.resizeEvent()  # pyqtgraph centres a title only when the axis is resized
        self._title = title

    @property
    def title_above(self) -> bool:
        """Whether the title of a vertical axis is above it, because it is longer than the axis."""
        return self._title_above

    def set_title_at_end(self, at_end: bool) -> None:
        """Write the title of a horizontal axis behind its end, beside its numbers; then `apply_theme`.

        That takes no height. Only for plots that have something beside them, so that there is the width.
        """
        self._title_at_end = at_end

    def fit_title(self, length: float) -> bool:
        """Choose where the title goes for an axis of `length` pixels; return True if that changed.

        The caller then calls `apply_theme` and leaves space above the axis.
        """
        label = self.label
        if label is None:  # the plot is closed
            return False
        above = self._upright and bool(self._title) and label.boundingRect().width() > length
        if above == self._title_above:
            return False
        self._title_above = above
        label.setRotation(0 if above else -90)
        return True

    def resizeEvent(self, ev: QGraphicsSceneResizeEvent | None = None) -> None:
        """Move the title to where `fit_title` put it, or away from the edge of the plot."""
        super().resizeEvent(ev)
        label = self.label
        if label is None:
            return
        if self._title_above:
            half_a_number = self._overhang / 2
            label.setPos(0, -label.boundingRect().height() - half_a_number)
        elif self._title_at_end:
            label.setPos(self.size().width() + 1.5 * self._overhang, self._number_gap - _BEYOND + _TITLE_EDGE)
        elif self._upright:
            label.setX(label.x() + self._title_inset)
        else:
            label.setY(label.y() - self._title_inset)
            # Longer than the axis: to the left, below the numbers of the other axis, before it is cut.
            plot = self.parentItem()  # none yet while pyqtgraph makes the axis
            if plot is not None:
                whole, width = self.mapRectFromItem(plot, plot.boundingRect()), label.boundingRect().width()
                label.setX(max(whole.left(), min(label.x(), whole.right() - width)))

    def apply_theme(self, theme: Theme) -> None:
        """Set colours, fonts and a fixed margin, so that the plot does not move when numbers change width."""
        self.setPen(pg.mkPen(theme.line))
        strength = 1.0 if self.grid is False else int(self.grid) / 255
        self._grid_ink = QColor(mix(theme.panel, theme.line, strength))
        self.setTextPen(pg.mkPen(theme.muted))
        self._number_font, self._number_gap = font(theme, theme.caption_size), theme.px(6)
        self.setStyle(tickFont=self._number_font, tickLength=0, tickTextOffset=self._number_gap)
        self._type_scale, self._number_room = theme.scale, theme.px(self._margin) - self._number_gap
        self._overhang, self._title_inset = theme.px(16), _BEYOND + theme.px(_TITLE_EDGE)
        if self._title:
            self.labelStyle = {"color": theme.muted, "font-size": f"{theme.px(theme.caption_size)}px"}
            self.setLabel(escape(self._title))
        else:
            self.showLabel(False)
        beside = self._title and not (self._title_above or self._title_at_end)
        space = theme.px(self._margin + (_TITLE[self._side] if beside else 0))
        (self.setWidth if self._side == "left" else self.setHeight)(space)
        self.resizeEvent()

    def boundingRect(self) -> QRectF:
        """The axis, enlarged for a number at its very end, which pyqtgraph would leave out."""
        space = self._overhang
        return super().boundingRect().adjusted(-space, -space, space, space)

    def paint(
        self,
        p: QPainter,
        opt: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the axis, its grid lines and its numbers directly.

        pyqtgraph replays a recording of half transparent lines. That took 22 of the 29 ms of a frame while
        a map of 1600x1000 was panned; opaque boxes take a thirtieth of it.
        """
        marks = self._marks()
        bounds = self.mapRectFromParent(self.geometry())
        across = self._across(bounds)
        end = bounds.right() if self._upright else bounds.top()
        length = bounds.height() if self._upright else bounds.width()
        start = bounds.top() if self._upright else bounds.left()
        for at, _ in marks:
            p.fillRect(self._box(at, 1, across[0], across[1] - across[0]), self._grid_ink)
        p.fillRect(self._box(start, length, end, 1), self.pen().color())
        p.setFont(self._number_font)
        p.setPen(self.textPen())
        for at, text in marks:
            p.drawText(self._text_box(at, bounds, text), int(self._flags), text)

    def _marks(self) -> list[tuple[float, str]]:
        """The position of each number along the axis, in its own pixels, and the number as text."""
        if self.picture is None:  # pyqtgraph resets it whenever something changed
            bounds = self.mapRectFromParent(self.geometry())
            low, high = self.range
            length = bounds.height() if self._upright else bounds.width()
            levels = self.tickValues(low, high, length)
            values = [value for _, level in levels for value in level]
            texts = self._within_room(values, self.tickStrings(values, 1.0, 1.0))
            scale = length / (high - low) if high > low else 0.0
            positions = [(value - low) * scale for value in values]
            ends = [bounds.bottom() - at if self._upright else bounds.left() + at for at in positions]
            self.picture = [
                mark
                for mark, at in zip(zip(ends, texts, strict=True), positions, strict=True)
                if 0 <= at <= length
            ]
        return self.picture

    def _within_room(self, values: list[float], texts: list[str]) -> list[str]:
        """Numbers beside the axis as multiples of powers of ten if one would lose its minus at the edge."""
        room, advance = self._number_room, QFontMetricsF(self._number_font).horizontalAdvance
        if not self._upright or all(advance(text) <= room for text in texts):
            return texts
        return [power_number(10.0**value if self._logarithmic else value) for value in values]

    @property
    def _upright(self) -> bool:
        return self._side == "left"

    def _across(self, bounds: QRectF) -> tuple[float, float]:
        """Start and end of a grid line: across the view if the grid is on."""
        view = self.linkedView()
        if view is None or self.grid is False:
            return (bounds.right(), bounds.right()) if self._upright else (bounds.top(), bounds.top())
        whole = view.mapRectToItem(self, view.boundingRect())
        return (whole.left(), whole.right()) if self._upright else (whole.top(), whole.bottom())

    def _box(self, along: float, length: float, across: float, width: float) -> QRectF:
        """A rectangle on whole pixels, given along the axis and across it."""
        if self._upright:
            return QRectF(math.floor(across), math.floor(along), width, length)
        return QRectF(math.floor(along), math.floor(across), length, width)

    def _text_box(self, at: float, bounds: QRectF, text: str) -> QRectF:
        """The rectangle of a number: beside the axis, or below it and within the plot, which would cut it."""
        offset, space = self._number_gap, 2 * _SPACE_PER_TICK["bottom"]
        if self._upright:
            return QRectF(bounds.right() - offset - space, at - space / 2, space, space)
        whole, width = self._plot_bounds, QFontMetricsF(self._number_font).horizontalAdvance(text)
        half = width / 2 + _EDGE
        at = max(whole.left() + half, min(at, whole.right() - half))
        return QRectF(at - space / 2, bounds.top() + offset, space, space)

    @property
    def _plot_bounds(self) -> QRectF:
        """The whole plot, with its axes."""
        plot = self.parentItem()
        return self.boundingRect() if plot is None else self.mapRectFromItem(plot, plot.boundingRect())

    @property
    def _flags(self) -> Qt.AlignmentFlag:
        if self._upright:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:  # noqa: N803 - pyqtgraph's
        """Round numbers, about one per centimetre; one level only, so that the grid is not crowded."""
        if self._blank or size <= 0 or not np.isfinite([minVal, maxVal]).all() or maxVal <= minVal:
            return []
        fitting = int(size / _SPACE_PER_TICK[self._side])
        if self._side == "bottom" and size >= _ROOM_FOR_THREE * self._type_scale:
            fitting = max(3, fitting)
        most = max(2, min(self._most_ticks, fitting))
        closest = int(size / (_CLOSEST[self._side] * self._type_scale))
        values = self._round_numbers(minVal, maxVal, most)
        while len(values) < 2 and most < closest:  # a single number is no scale
            most += 1
            values = self._round_numbers(minVal, maxVal, most)
        step = float(values[1] - values[0]) if len(values) > 1 else 1.0
        return [(step, [float(value) for value in values])]

    def _round_numbers(self, low: float, high: float, most: int) -> NDArray[np.float64]:
        if not self._logarithmic:
            return round_numbers(low, high, most)
        return np.log10(round_numbers_log(low, high, most))

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The numbers at the ticks, as text."""
        numbers = [10.0**value for value in values] if self._logarithmic else values
        return tick_numbers(numbers)


_THREE_NUMBERS = {2: 1, 5: 4, 10: 5, 20: 10, 50: 40}
"""By the step at which 0 is the only number of a range: one at which there may be three."""


def round_numbers(low: float, high: float, most: int) -> np.ndarray:
    """At most `most` multiples of 1, 2 or 5 times a power of ten within [low, high], float64 (n,).

    0 alone would tell no scale: three numbers are taken then, as -4, 0, 4 between -5 and 4.7. The array is
    empty if the range is so narrow, or so wide, that doubles cannot tell its numbers apart.
    """
    width = high - low
    if not _LEAST_WIDTH < width < math.inf or max(abs(low), abs(high)) > _MOST_STEPS * width:
        return np.array([])
    power = 10.0 ** math.floor(math.log10(width / most))
    for factor in (1, 2, 5, 10, 20, 50):
        step = power * factor
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            if first == last == 0 and most > 2 and factor > 1:
                step = power * _THREE_NUMBERS[factor]
                first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            return np.arange(first, last + 1) * step + 0.0  # no -0
    return np.array([])


def round_numbers_log(low: float, high: float, most: int) -> np.ndarray:
    """At most `most` round numbers, float64 (n,), whose log10 is within [low, high].

    Powers of ten if the range is wide.
    """
    low, high = max(low, -_DECADES), min(high, _DECADES)
    most = max(2, most)
    if high <= low:
        return np.array([])
    if high - low > most:
        apart = math.ceil((high - low) / (most - 1))
        return 10.0 ** (apart * np.arange(math.ceil(low / apart), math.floor(high / apart) + 1.0))
    for steps in ((1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        powers = np.arange(np.floor(low), np.ceil(high) + 1)
        numbers = np.sort(np.outer(10.0**powers, steps).ravel())
        inside = numbers[(np.log10(numbers) >= low - 1e-9) & (np.log10(numbers) <= high + 1e-9)]
        if 3 <= len(inside) <= most:
            return inside
        if len(inside) < 3 and high - low < 2:
            even = round_numbers(10.0**low, 10.0**high, most)
            return even[even > 0]
    return inside[:: -(-len(inside) // most)]
