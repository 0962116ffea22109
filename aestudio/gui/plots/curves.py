"""One named curve and the two lines that draw it: the values thin and pale, their trend strong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from aestudio.gui.plots.decimation import MOST_POINTS, Floats, decimate
from aestudio.gui.plots.ranges import Range, burn_in_end, extent, extent_from, settled, union
from aestudio.gui.plots.smoothing import smooth
from aestudio.gui.theme.tokens import ColourRole, Theme, mix

if TYPE_CHECKING:
    from collections.abc import Iterable

_TREND_POINTS = 600
"""Fewer than the raw values' 2,000: the trend is wide, and more zigzag would only make it wider."""

_NO_SMOOTHING = 0.01


@dataclass(frozen=True, eq=False)
class Curve:
    """Values y (N,) at ascending x (N,), both float64; NaN leaves a gap. The role names a theme colour."""

    name: str
    x: Floats
    y: Floats
    colour_role: ColourRole = "accent"

    def same_as(self, other: Curve | None) -> bool:
        """True when drawing it again would change nothing."""
        if other is None or (self.name, self.colour_role) != (other.name, other.colour_role):
            return False
        return np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y, equal_nan=True)


class CurveLines:
    """The two pyqtgraph lines of one curve; created once, given new points when they changed."""

    def __init__(self) -> None:
        self.raw = pg.PlotCurveItem(connect="finite", skipFiniteCheck=False)
        self.strong = pg.PlotCurveItem(connect="finite", skipFiniteCheck=False)
        # Drawn segment by segment a wide antialiased line costs a third, and being opaque it looks alike.
        self.strong.setSegmentedLineMode("on")
        self.raw.setZValue(1)
        self.strong.setZValue(2)
        self.curve: Curve | None = None
        self._trend: Floats = np.empty(0)
        self._smoothing = 0.0
        self._logarithmic = False
        self._drawn_window: tuple[int, int] | None = None

    @property
    def trend(self) -> Floats:
        """The smoothed values, in the data's own unit."""
        return self._trend

    def set_curve(self, curve: Curve, smoothing: float, logarithmic: bool) -> bool:
        """Take over points and settings; True when something changed."""
        same = curve.same_as(self.curve)
        settings = (smoothing, logarithmic)
        if same and settings == (self._smoothing, self._logarithmic):
            return False
        if not same or smoothing != self._smoothing:
            self._trend = smooth(curve.y, smoothing)
        self.curve, self._smoothing, self._logarithmic = curve, smoothing, logarithmic
        self._drawn_window = None
        return True

    def draw(self, low: float, high: float) -> None:
        """Give the lines what lies between x = low and high, at most 2,000 points each."""
        if self.curve is None:
            return
        x = self.curve.x
        window = (0, len(x))
        if len(x) > MOST_POINTS:
            first = int(np.searchsorted(x, low, side="left"))
            last = int(np.searchsorted(x, high, side="right"))
            window = (max(0, first - 1), min(len(x), last + 1))
        if window == self._drawn_window:
            return
        self._drawn_window = window
        part = slice(*window)
        self.raw.setVisible(self._smoothing > 0)
        if self._smoothing > 0:
            self.raw.setData(*decimate(x[part], self._shown(self.curve.y[part])))
        most = _TREND_POINTS if self._smoothing > 0 else MOST_POINTS
        self.strong.setData(*decimate(x[part], self._shown(self._trend[part]), most), antialias=True)

    def dress(self, theme: Theme) -> None:
        """Colours and widths: the trend two pixels, the values one, mixed with the background."""
        if self.curve is None:
            return
        colour: str = getattr(theme, self.curve.colour_role)
        self.raw.setPen(pg.mkPen(mix(theme.panel, colour, 0.33), width=1))
        self.strong.setPen(pg.mkPen(QColor(colour), width=2 * theme.scale))

    def y_range(self, start: float | None = None) -> Range | None:
        """What the vertical axis has to show, in its own coordinates: of all of it, or from x = start on."""
        if self.curve is None:
            return None
        values, trend = self._shown(self.curve.y), self._shown(self._trend)
        if start is None:
            return union(extent(values), extent(trend))
        return union(extent_from(self.curve.x, values, start), extent_from(self.curve.x, trend, start))

    def value_at(self, x: float) -> tuple[float, float] | None:
        """(x, value) of the trend's point nearest to x; None when there is none."""
        if self.curve is None or not len(self.curve.x):
            return None
        xs = self.curve.x
        right = int(np.clip(np.searchsorted(xs, x), 1, max(1, len(xs) - 1)))
        index = min(right, len(xs) - 1)
        if x - xs[right - 1] <= xs[index] - x:
            index = right - 1
        return float(xs[index]), float(self._trend[index])

    def last_value(self) -> float | None:
        """The trend's last finite value."""
        finite = np.flatnonzero(np.isfinite(self._trend))
        return float(self._trend[finite[-1]]) if len(finite) else None

    def _shown(self, values: Floats) -> Floats:
        usable = np.isfinite(values)
        if not self._logarithmic:
            return np.where(usable, values, np.nan)
        return np.log10(values, out=np.full(len(values), np.nan), where=usable & (values > 0))


def equal_memory(curves: tuple[Curve, ...], weight: float) -> list[float]:
    """The smoothing weight of each curve that remembers equally far back in x as `weight` in the densest.

    A loss after each step needs smoothing; the one after each epoch, beside it, must not lag behind.
    """
    steps = [float(c.x[-1] - c.x[0]) / (len(c.x) - 1) if len(c.x) > 1 else 0.0 for c in curves]
    finest = min((step for step in steps if step > 0), default=0.0)
    weights = [weight ** (step / finest) if step > 0 else weight for step in steps]
    return [found if found > _NO_SMOOTHING else 0.0 for found in weights]


def x_extent(lines: Iterable[CurveLines]) -> Range | None:
    """The x range of all curves together."""
    found: Range | None = None
    for line in lines:
        if line.curve is not None:
            found = union(found, extent(line.curve.x))
    return found


def y_extent(lines: list[CurveLines], everything: bool) -> Range | None:
    """The y range of all curves together; unless `everything`, without a steep beginning."""
    whole: Range | None = None
    for line in lines:
        whole = union(whole, line.y_range())
    densest = max((line.curve.x for line in lines if line.curve is not None), key=len, default=None)
    start = None if densest is None else burn_in_end(densest)
    if everything or whole is None or start is None:
        return whole
    later: Range | None = None
    for line in lines:
        later = union(later, line.y_range(start))
    return settled(whole, later)
