"""Axes with plain numbers, also on a logarithmic scale, in a margin that keeps its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from aestudio.gui.plots.numbers import tick_number
from aestudio.gui.theme.fonts import font

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aestudio.gui.theme.tokens import Theme

_MARGIN = {"left": 54, "bottom": 26}
_TITLE = {"left": 20, "bottom": 20}
_ROOM_PER_TICK = {"left": 34, "bottom": 64}

Ticks = list[tuple[float, list[float]]]


class NumberAxis(pg.AxisItem):
    """An axis whose logarithmic form shows log10 of the data and labels it with the numbers themselves."""

    def __init__(self, side: str) -> None:
        super().__init__(side, showValues=True)
        self._side = side
        self._title = ""
        self._logarithmic = False
        self._margin: float = _MARGIN[side]
        self._overhang = 0
        self.enableAutoSIPrefix(False)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Read positions along the axis as log10 of the numbers to write."""
        self._logarithmic = logarithmic
        self.picture = None
        self.update()

    def set_margin(self, margin: float) -> None:
        """Room for the numbers, in unscaled logical pixels."""
        self._margin = margin

    def set_title(self, title: str) -> None:
        """What the axis counts, with its unit; `dress` follows where it had none, or has none now."""
        if self._title and title:
            self.setLabel(title)
        self._title = title

    def dress(self, theme: Theme) -> None:
        """Colours, type and a fixed margin, so that the plot stays put when numbers change width."""
        self.setPen(pg.mkPen(theme.line))
        self.setTextPen(pg.mkPen(theme.muted))
        self.setStyle(tickFont=font(theme, theme.caption_size), tickLength=0, tickTextOffset=theme.px(6))
        self._overhang = theme.px(16)
        if self._title:
            self.labelStyle = {"color": theme.muted, "font-size": f"{theme.px(theme.caption_size)}px"}
            self.setLabel(self._title)
        else:
            self.showLabel(False)
        room = theme.px(self._margin + (_TITLE[self._side] if self._title else 0))
        (self.setWidth if self._side == "left" else self.setHeight)(room)

    def boundingRect(self) -> QRectF:  # noqa: N802 - pyqtgraph's name
        """With room for a number at the very end of the axis, which pyqtgraph would leave out."""
        room = self._overhang
        return super().boundingRect().adjusted(-room, -room, room, room)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:  # noqa: N802, N803 - pyqtgraph's
        """Round numbers, about one per thumb's breadth; one level only, so that the grid stays calm."""
        if size <= 0 or not np.isfinite([minVal, maxVal]).all() or maxVal <= minVal:
            return []
        most = max(2, int(size / _ROOM_PER_TICK[self._side]))
        if not self._logarithmic:
            values = round_numbers(minVal, maxVal, most)
        else:
            values = np.log10(round_numbers_log(minVal, maxVal, most))
        step = float(values[1] - values[0]) if len(values) > 1 else 1.0
        return [(step, [float(value) for value in values])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802, ARG002
        """The numbers at the ticks, as text."""
        numbers = [10.0**value for value in values] if self._logarithmic else values
        return [tick_number(float(f"{number:.6g}")) for number in numbers]


def round_numbers(low: float, high: float, most: int) -> np.ndarray:
    """At most `most` multiples of 1, 2 or 5 times a power of ten within [low, high]."""
    power = 10.0 ** np.floor(np.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20, 50):
        step = power * factor
        first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return np.arange(first, last + 1) * step + 0.0  # no -0
    return np.array([])


def round_numbers_log(low: float, high: float, most: int) -> np.ndarray:
    """At most about `most` round numbers whose log10 lies within [low, high]."""
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
