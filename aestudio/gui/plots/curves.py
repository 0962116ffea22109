"""One named curve and the two lines that draw it: its values thin and pale, its trend strong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from aestudio.gui.plots.clipped_points import middle_range
from aestudio.gui.plots.decimation import MOST_POINTS, Floats, Pyramid
from aestudio.gui.plots.numbers import number_text
from aestudio.gui.plots.ranges import Range, burn_in_end, settled, union
from aestudio.gui.plots.smoothing import TrendInParts
from aestudio.gui.theme.tokens import ColourRole, Theme, colour_of, mix

if TYPE_CHECKING:
    from collections.abc import Iterable

_TREND_POINTS = 600
"""Fewer than the 2,000 of the raw values: more zigzag would only thicken the wide line of the trend."""

_LOOK_BACK = 1024
_FEW, _DOT_DISTANCE = 40, 10  # values that have dots, and pixels at least between them


@dataclass(frozen=True, eq=False)
class Curve:
    """Values y (N,) at ascending x (N,), both float64; NaN leaves a gap.

    colour_role: names a colour of the theme, or is the number of a class, whose colour it has
    lineage: of two curves with one lineage the longer begins with the shorter; None if that is unknown
    """

    name: str
    x: Floats
    y: Floats
    colour_role: ColourRole | int = "accent"
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


@dataclass(frozen=True)
class Reading:
    """One point of a curve: where it is, its value, and the smoothed one if that is another."""

    x: float
    value: float
    smoothed: float | None = None

    @property
    def texts(self) -> tuple[str, str]:
        """The value, and the smoothed one in brackets or "": "82.41", "(83.02)"."""
        smoothed = "" if self.smoothed is None else f"({number_text(self.smoothed)})"
        return number_text(self.value), smoothed

    @property
    def text(self) -> str:
        """Both in one: "82.41 (83.02)"."""
        return " ".join(filter(None, self.texts))


class _Line(pg.PlotCurveItem):
    """Its bounding box is the whole view: pyqtgraph's own scans all points several times a frame."""

    def boundingRect(self) -> QRectF:
        view_box = self.getViewBox()
        return QRectF() if view_box is None else view_box.viewRect()


class _Points:
    """Points x, y (N,) that grow, and what is needed to draw few of them.

    settled: how many of the first points never change; the others are few, and drawn as they are
    """

    def __init__(self, positive: bool) -> None:
        self.x: Floats = np.empty(0)
        self.y: Floats = np.empty(0)
        self.settled = 0
        self._peaks = Pyramid(positive=positive)

    def set(self, x: Floats, y: Floats, settled: int) -> None:
        """Take longer ones, which begin with the settled ones of before."""
        self.x, self.y, self.settled = x, y, settled
        self._peaks.extend(y[:settled])

    def window(self, low: float, high: float) -> tuple[int, int]:
        """Which points [first, last) are between x = low and high, with their neighbours; all of a few."""
        if len(self.x) <= _TREND_POINTS:
            return 0, len(self.x)
        first = int(np.searchsorted(self.x, low, side="left"))
        last = int(np.searchsorted(self.x, high, side="right"))
        return max(0, first - 1), min(len(self.x), last + 1)

    def thinned(self, first: int, last: int, most: int) -> npt.NDArray[np.intp]:
        """Ascending indices of at most about `most` of the points in [first, last), with all peaks."""
        end = min(max(first, self.settled), last)
        return np.concatenate([self._peaks.thinned(self.y, first, end, most), np.arange(end, last)])

    def extent(self, first: int) -> Range | None:
        """Smallest and largest value that can be drawn, from a point on; None for none."""
        end = max(first, self.settled)
        return union(self._peaks.extent(self.y, first, end), self._peaks.extent(self.y, end, len(self.y)))


class CurveLines:
    """The two pyqtgraph lines of one curve; created once, and updated when its points change.

    raw: the values, drawn only behind a smoothed line; strong: the smoothed line, or the values
    dots: the values of a curve that has few, which would not be seen as a line
    """

    def __init__(self) -> None:
        self.raw = _Line(connect="finite", skipFiniteCheck=False)
        self.strong = _Line(connect="finite", skipFiniteCheck=False)
        # Segment by segment, a wide antialiased line costs a third; an opaque one looks the same.
        self.strong.setSegmentedLineMode("on")
        self.dots = pg.ScatterPlotItem(pxMode=True, pen=None)
        self.raw.setZValue(1)
        self.strong.setZValue(2)
        self.dots.setZValue(3)
        self.curve: Curve | None = None
        self._trend: TrendInParts | None = None
        self._values, self._smoothed = _Points(False), _Points(False)
        self._half_width = 0.0
        self._breaks: tuple[float, ...] = ()
        self._logarithmic = False
        self._drawn_windows: list[tuple[int, int]] | None = None
        self._dotted = False
        self._styled: tuple[Theme, ColourRole | int] | None = None

    @property
    def trend(self) -> Floats:
        """What the strong line shows, float64 (n,), in the unit of the data."""
        return self._values.y if self._trend is None else self._trend.y

    def set_curve(
        self, curve: Curve, half_width: float, logarithmic: bool, breaks: tuple[float, ...] = ()
    ) -> bool:
        """Take new points and settings; return True if something changed.

        half_width: 0 for no smoothing; breaks: ascending x across which nothing is smoothed
        """
        same_trend = (half_width, breaks) == (self._half_width, self._breaks)
        settled = same_trend and logarithmic == self._logarithmic
        if settled and curve.same_as(self.curve):
            return False
        goes_on = curve.continues(self.curve)
        if not (goes_on and logarithmic == self._logarithmic):
            self._values = _Points(logarithmic)
        if not (goes_on and same_trend):
            self._trend = TrendInParts(half_width, breaks) if half_width > 0 else None
        if not (goes_on and settled):
            self._smoothed = _Points(logarithmic)
        self.curve, self._half_width, self._breaks, self._logarithmic = curve, half_width, breaks, logarithmic
        self._values.set(curve.x, curve.y, len(curve.y))
        if self._trend is not None:
            self._trend.extend(curve.x, curve.y)
            self._smoothed.set(self._trend.x, self._trend.y, self._trend.settled)
        self._drawn_windows = None
        return True

    def draw(self, low: float, high: float) -> None:
        """Give each line the points between x = low and high, at most about 2,000."""
        if self.curve is None:
            return
        smooth = self._trend is not None
        lines = [(self.strong, self._values, MOST_POINTS)]
        if smooth:
            lines = [(self.raw, self._values, MOST_POINTS), (self.strong, self._smoothed, _TREND_POINTS)]
        self._draw_dots(low, high)
        windows = [points.window(low, high) for _, points, _ in lines]
        if windows == self._drawn_windows:
            return
        self._drawn_windows = windows
        self.raw.setVisible(smooth)
        for (line, points, most), window in zip(lines, windows, strict=True):
            shown = points.thinned(*window, most)
            if line is self.strong and self._trend is not None and self._trend.gaps:
                shown = np.union1d(shown, [gap for gap in self._trend.gaps if window[0] <= gap < window[1]])
                shown = shown.astype(np.intp)  # of no gap in the window, too
            line.setData(points.x[shown], self._shown(points.y[shown]), antialias=line is self.strong)

    def _draw_dots(self, low: float, high: float) -> None:
        x, view_box = self._values.x, self.strong.getViewBox()
        dotted = 0 < len(x) <= _FEW
        if dotted and len(x) > 1 and view_box is not None:
            across = (x[-1] - x[0]) / max(high - low, 1e-300) * view_box.width()
            dotted = across / (len(x) - 1) >= _DOT_DISTANCE
        if self._drawn_windows is not None and dotted == self._dotted:
            return
        self._dotted = dotted
        y = self._shown(self._values.y) if dotted else np.empty(0)
        drawn = np.flatnonzero(np.isfinite(y))  # pyqtgraph does not survive dots that are no numbers
        self.dots.setData(x[drawn], y[drawn])

    def apply_theme(self, theme: Theme) -> None:
        """Set colours and widths: the trend two pixels; the values one, mixed with the background."""
        if self.curve is None or self._styled == (theme, self.curve.colour_role):
            return
        self._styled = (theme, self.curve.colour_role)
        colour = colour_of(theme, self.curve.colour_role)
        self.raw.setPen(pg.mkPen(mix(theme.panel, colour, 0.33), width=1))
        self.strong.setPen(pg.mkPen(QColor(colour), width=2 * theme.scale))
        self.dots.setBrush(pg.mkBrush(QColor(colour)))
        self.dots.setSize(theme.px(5))

    def y_range(self, start: float | None = None) -> Range | None:
        """The y range in the axis's coordinates: of the whole curve, or from x = start on."""
        if self.curve is None:
            return None
        extent: Range | None = None
        for points in (self._values, self._smoothed):
            first = 0 if start is None else int(np.searchsorted(points.x, start))
            extent = union(extent, points.extent(min(first, max(0, len(points.x) - 1))))
        if extent is None or not self._logarithmic:
            return extent
        return math.log10(extent[0]), math.log10(extent[1])

    def shown_values(self) -> Floats:
        """The values (N,) in the axis's coordinates, NaN where one cannot be drawn."""
        return np.empty(0) if self.curve is None else self._shown(self.curve.y)

    def value_at(self, x: float) -> Reading | None:
        """The point nearest to x; None if the curve is empty."""
        if self.curve is None or not len(self.curve.x):
            return None
        xs = self.curve.x
        right = int(np.clip(np.searchsorted(xs, x), 1, max(1, len(xs) - 1)))
        index = min(right, len(xs) - 1)
        if x - xs[right - 1] <= xs[index] - x:
            index = right - 1
        return self._reading(index)

    def last_value(self) -> Reading | None:
        """The last point, whatever its value; None if the curve has no finite value at all."""
        if self.curve is None or self.last_finite() is None:
            return None
        return self._reading(len(self.curve.y) - 1)

    def last_finite(self) -> float | None:
        """The last value that can be drawn."""
        y = np.empty(0) if self.curve is None else self.curve.y
        for end in range(len(y), 0, -_LOOK_BACK):
            part = y[max(0, end - _LOOK_BACK) : end]
            part = part[np.isfinite(part)]
            if len(part):
                return float(part[-1])
        return None

    def _reading(self, index: int) -> Reading:
        assert self.curve is not None
        x, value = float(self.curve.x[index]), float(self.curve.y[index])
        if self._trend is None or not math.isfinite(value):
            return Reading(x, value)
        smoothed = self._trend.value_at(x)
        # Where no other point is near, the smoothed value is the value: rounding is no difference.
        same = math.isclose(smoothed, value, rel_tol=1e-9) or not math.isfinite(smoothed)
        return Reading(x, value, None if same else smoothed)

    def _shown(self, values: Floats) -> Floats:
        usable = np.isfinite(values)
        if not self._logarithmic:
            return np.where(usable, values, np.nan)
        return np.log10(values, out=np.full(len(values), np.nan), where=usable & (values > 0))


def x_extent(lines: Iterable[CurveLines]) -> Range | None:
    """The x range of all curves together."""
    extent: Range | None = None
    for line in lines:
        if line.curve is not None and len(line.curve.x):
            extent = union(extent, (float(line.curve.x[0]), float(line.curve.x[-1])))
    return extent


def middle_extent(lines: list[CurveLines], everything: bool) -> Range | None:
    """As `y_extent`, of the middle 95 % of each curve's values: `clipped_points.middle_range`."""
    densest = max((line.curve.x for line in lines if line.curve is not None), key=len, default=None)
    start = None if densest is None or everything else burn_in_end(densest)
    whole: Range | None = None
    later: Range | None = None
    for line in lines:
        if line.curve is not None:
            values = line.shown_values()
            first = 0 if start is None else int(np.searchsorted(line.curve.x, start))
            whole = union(whole, middle_range(values))
            later = union(later, middle_range(values[first:]))
    return whole if whole is None or start is None else settled(whole, later)


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
