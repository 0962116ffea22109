"""One named curve and the two lines that draw it: its values thin and pale, its trend strong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from aestudio.gui.plots.decimation import MOST_POINTS, Floats, Pyramid
from aestudio.gui.plots.ranges import Range, burn_in_end, settled, union
from aestudio.gui.plots.smoothing import Trend
from aestudio.gui.theme.tokens import ColourRole, Theme, mix

if TYPE_CHECKING:
    from collections.abc import Iterable

_TREND_POINTS = 600
"""Fewer than the 2,000 of the raw values: more zigzag would only thicken the wide line of the trend."""

_NO_SMOOTHING = 0.01
_LOOK_BACK = 1024


@dataclass(frozen=True, eq=False)
class Curve:
    """Values y (N,) at ascending x (N,), both float64; NaN leaves a gap. The role names a theme colour.

    lineage: of two curves with one lineage the longer begins with the shorter; None if that is unknown
    """

    name: str
    x: Floats
    y: Floats
    colour_role: ColourRole = "accent"
    lineage: object = None

    def same_as(self, other: Curve | None) -> bool:
        """True if drawing it again would change nothing."""
        if other is None or (self.name, self.colour_role) != (other.name, other.colour_role):
            return False
        if len(self.x) == len(other.x) and self.continues(other):
            return True
        return np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y, equal_nan=True)

    def continues(self, other: Curve | None) -> bool:
        """True if it begins with the other's points."""
        known = other is not None and self.lineage is not None and self.lineage == other.lineage
        return known and other is not None and len(self.x) >= len(other.x)


class _Line(pg.PlotCurveItem):
    """Its bounding box is the whole view: pyqtgraph's own scans all points several times a frame."""

    def boundingRect(self) -> QRectF:
        view_box = self.getViewBox()
        return QRectF() if view_box is None else view_box.viewRect()


class CurveLines:
    """The two pyqtgraph lines of one curve; created once, and updated when its points change."""

    def __init__(self) -> None:
        self.raw = _Line(connect="finite", skipFiniteCheck=False)
        self.strong = _Line(connect="finite", skipFiniteCheck=False)
        # Segment by segment, a wide antialiased line costs a third; an opaque one looks the same.
        self.strong.setSegmentedLineMode("on")
        self.raw.setZValue(1)
        self.strong.setZValue(2)
        self.curve: Curve | None = None
        self._trend = Trend(0.0)
        self._raw_peaks, self._trend_peaks = Pyramid(), Pyramid()
        self._logarithmic = False
        self._drawn_window: tuple[int, int] | None = None
        self._styled: tuple[Theme, str] | None = None

    @property
    def trend(self) -> Floats:
        """The smoothed values, float64 (N,), in the unit of the data."""
        return self._trend.values

    def set_curve(self, curve: Curve, smoothing: float, logarithmic: bool) -> bool:
        """Take new points and settings; return True if something changed."""
        settled = (smoothing, logarithmic) == (self._trend.weight, self._logarithmic)
        if settled and curve.same_as(self.curve):
            return False
        goes_on = curve.continues(self.curve)
        if not (goes_on and smoothing == self._trend.weight):
            self._trend = Trend(smoothing)
        if not (goes_on and settled):
            self._trend_peaks = Pyramid(positive=logarithmic)
        if not (goes_on and logarithmic == self._logarithmic):
            self._raw_peaks = Pyramid(positive=logarithmic)
        self._trend.extend(curve.y)
        self._trend_peaks.extend(self.trend)
        self._raw_peaks.extend(curve.y)
        self.curve, self._logarithmic = curve, logarithmic
        self._drawn_window = None
        return True

    def draw(self, low: float, high: float) -> None:
        """Give each line the points between x = low and high, at most 2,000."""
        if self.curve is None:
            return
        x = self.curve.x
        window = (0, len(x))
        if len(x) > _TREND_POINTS:
            first = int(np.searchsorted(x, low, side="left"))
            last = int(np.searchsorted(x, high, side="right"))
            window = (max(0, first - 1), min(len(x), last + 1))
        if window == self._drawn_window:
            return
        self._drawn_window = window
        smoothed = self._trend.weight > 0
        self.raw.setVisible(smoothed)
        if smoothed:
            shown = self._raw_peaks.thinned(self.curve.y, *window)
            self.raw.setData(x[shown], self._shown(self.curve.y[shown]))
        most = _TREND_POINTS if smoothed else MOST_POINTS
        shown = self._trend_peaks.thinned(self.trend, *window, most)
        self.strong.setData(x[shown], self._shown(self.trend[shown]), antialias=True)

    def apply_theme(self, theme: Theme) -> None:
        """Set colours and widths: the trend two pixels; the values one, mixed with the background."""
        if self.curve is None or self._styled == (theme, self.curve.colour_role):
            return
        self._styled = (theme, self.curve.colour_role)
        colour: str = getattr(theme, self.curve.colour_role)
        self.raw.setPen(pg.mkPen(mix(theme.panel, colour, 0.33), width=1))
        self.strong.setPen(pg.mkPen(QColor(colour), width=2 * theme.scale))

    def y_range(self, start: float | None = None) -> Range | None:
        """The y range in the axis's coordinates: of the whole curve, or from x = start on."""
        if self.curve is None:
            return None
        last = len(self.curve.x)
        first = 0 if start is None else min(int(np.searchsorted(self.curve.x, start)), max(0, last - 1))
        extent = union(
            self._raw_peaks.extent(self.curve.y, first, last),
            self._trend_peaks.extent(self.trend, first, last),
        )
        if extent is None or not self._logarithmic:
            return extent
        return math.log10(extent[0]), math.log10(extent[1])

    def value_at(self, x: float) -> tuple[float, float] | None:
        """(x, value) of the trend's point nearest to x; None if the curve is empty."""
        if self.curve is None or not len(self.curve.x):
            return None
        xs = self.curve.x
        right = int(np.clip(np.searchsorted(xs, x), 1, max(1, len(xs) - 1)))
        index = min(right, len(xs) - 1)
        if x - xs[right - 1] <= xs[index] - x:
            index = right - 1
        return float(xs[index]), float(self.trend[index])

    def last_value(self) -> float | None:
        """The trend's last finite value."""
        for end in range(len(self.trend), 0, -_LOOK_BACK):
            part = self.trend[max(0, end - _LOOK_BACK) : end]
            part = part[np.isfinite(part)]
            if len(part):
                return float(part[-1])
        return None

    def _shown(self, values: Floats) -> Floats:
        usable = np.isfinite(values)
        if not self._logarithmic:
            return np.where(usable, values, np.nan)
        return np.log10(values, out=np.full(len(values), np.nan), where=usable & (values > 0))


def equal_memory(curves: tuple[Curve, ...], weight: float) -> list[float]:
    """Smoothing weights with one memory length in x: `weight` applies to the densest curve.

    A loss after each step needs smoothing; the loss after each epoch, beside it, must not lag behind.
    """
    steps = [float(c.x[-1] - c.x[0]) / (len(c.x) - 1) if len(c.x) > 1 else 0.0 for c in curves]
    finest = min((step for step in steps if step > 0), default=0.0)
    # Rounded to two digits: otherwise a growing curve would be smoothed from the start with each point.
    weights = [weight ** float(f"{step / finest:.2g}") if step > 0 else weight for step in steps]
    return [value if value > _NO_SMOOTHING else 0.0 for value in weights]


def x_extent(lines: Iterable[CurveLines]) -> Range | None:
    """The x range of all curves together."""
    extent: Range | None = None
    for line in lines:
        if line.curve is not None and len(line.curve.x):
            extent = union(extent, (float(line.curve.x[0]), float(line.curve.x[-1])))
    return extent


def y_extent(lines: list[CurveLines], everything: bool) -> Range | None:
    """The y range of all curves together; without a steep beginning unless `everything`."""
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
