"""Smooths a noisy curve without lag: at each place by the straight line that fits the points around it best.

The usual smoothing of training curves is an exponential mean of the past (TensorBoard; the default of Weights
& Biases). It is late by design: on a falling loss the smoothed curve lies above the values, and its last
value is that of some steps ago. Weights & Biases therefore offer a centred Gaussian mean too; that is in time
in the middle of a curve, but at its end, where people look, only the past is left, and it is late there
again.

Here each value is that of a line fitted to its neighbours on both sides, which count less the further away
they are (locally weighted regression with tricube weights; Cleveland 1979). A ramp stays the same ramp up to
its last point, a step stays where it is, and nothing is late at the end: a line has no lag, whatever lies
beside it. What is paid for that: the end of the curve may still move a little when further points arrive. On
its last half width the line is fitted to as long a part as elsewhere, up to twice as far back, so that the
newest values do not swing.

Neighbours are chosen by their distance along x, in epochs and not in points, so that training and validation
in one plot are smoothed alike, however often each is measured.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.decimation import Floats

_BINS = 16  # of one half width: more would not change the picture
_NEIGHBOURS = np.arange(-2 * _BINS, _BINS + 1)  # at the end of the curve from twice as far back
_SHARE_OF_LENGTH = 0.1
_FLAT = 1e-9  # of the spread of the neighbours along x: below, they have no slope


class Trend:
    """The smoothed curve of a growing one. The cost of a new point does not depend on the length.

    Points that are much closer together than they are smoothed are first averaged in bins of a sixteenth of
    the half width, at fixed places, and a bin counts as often as it has points; sparser points are used as
    they are. So a million points cost what their few thousand bins do.

    x, y:    the smoothed curve, float64 (n,) each, one point per bin: at the mean of its x, at the ends at
             the very first and last x; NaN where no value of the bin is finite
    settled: how many of its first points no further point will change
    """

    def __init__(self, half_width: float) -> None:
        """half_width: how far along x neighbours count, to each side; raises ValueError if not above 0."""
        if not half_width > 0:
            raise ValueError(f"a curve is smoothed over a width above 0, not {half_width}")
        self.half_width = half_width
        self.x: Floats = np.empty(0)
        self.y: Floats = np.empty(0)
        self.settled = 0
        self._seen = 0
        self._bins = _Bins()

    def extend(self, x: Floats, y: Floats) -> None:
        """Add the new points of x and y (N,), which begin with those of the previous call; x ascends."""
        if len(x) == self._seen:
            return
        numbers = np.floor(x[self._seen :] * (_BINS / self.half_width))
        self._bins.add(numbers, x[self._seen :], y[self._seen :])
        self._seen = len(x)
        places = self._bins.mean_x()
        places[0], places[-1] = x[0], x[-1]
        self.x = places
        with np.errstate(over="ignore", invalid="ignore"):  # of a diverging loss
            new = _local_lines(places, self._bins, self.settled, self.half_width)
        self.y = np.concatenate([self.y[: self.settled], new])
        # From 17 bins on, two means are more than the half width apart.
        numbers = self._bins.numbers
        self.settled = int(np.searchsorted(numbers, numbers[-1] - _BINS - 1, side="right"))

    def value_at(self, x: float) -> float:
        """The smoothed value at x, between two points of the curve on the line between them; NaN for none."""
        known = np.isfinite(self.y)
        return float(np.interp(x, self.x[known], self.y[known])) if known.any() else float("nan")


class TrendInParts:
    """The trends of the parts of a growing curve, of which none is smoothed across a break.

    Where a weight of the loss is changed the curve jumps, and is of another quantity from there on: a line
    that was fitted to both sides would rise before the change.

    x, y, settled: as of `Trend`; between two parts there is a point at the break, whose y is NaN
    gaps:          the indices of these points
    """

    def __init__(self, half_width: float, breaks: tuple[float, ...] = ()) -> None:
        """half_width: as of `Trend`; breaks: ascending x, where a point belongs to the part before it."""
        self.half_width, self._breaks = half_width, np.asarray(breaks, np.float64)
        self._parts = tuple(Trend(half_width) for _ in range(len(breaks) + 1))
        self.x: Floats = np.empty(0)
        self.y: Floats = np.empty(0)
        self.settled = 0
        self.gaps: tuple[int, ...] = ()

    def extend(self, x: Floats, y: Floats) -> None:
        """As of `Trend`."""
        ends = (*np.searchsorted(x, self._breaks, side="right").tolist(), len(x))
        for part, start, end in zip(self._parts, (0, *ends), ends, strict=False):
            part.extend(x[start:end], y[start:end])
        xs: list[Floats] = []
        ys: list[Floats] = []
        gaps: list[int] = []
        for number, part in enumerate(self._parts):
            if len(part.x):
                if xs:
                    gaps.append(sum(map(len, xs)))
                    xs.append(self._breaks[number - 1 : number])
                    ys.append(np.array([np.nan]))
                self.settled = sum(map(len, xs)) + part.settled
                xs.append(part.x)
                ys.append(part.y)
        self.gaps = tuple(gaps)
        if xs:
            self.x, self.y = (xs[0], ys[0]) if len(xs) == 1 else (np.concatenate(xs), np.concatenate(ys))

    def value_at(self, x: float) -> float:
        """As of `Trend`, of the part in which x is."""
        return self._parts[int(np.searchsorted(self._breaks, x, side="left"))].value_at(x)


def width_for(half_width: float, length: float, whole: float | None = None) -> float:
    """The half width for curves of this length along x, so that a beginning is not lost.

    whole: how long they are expected to become. They are smoothed over twice the share of their present
    length, at most, that half_width is of the whole; over a tenth if that is not known.

    It grows by factors of two with the curves: each time they are smoothed again from the start. 0 for none.
    """
    if half_width <= 0 or length <= 0:
        return 0.0
    share = _SHARE_OF_LENGTH if not whole else min(_SHARE_OF_LENGTH, 2 * half_width / whole)
    return half_width * min(1.0, 2.0 ** math.floor(math.log2(length * share / half_width)))


def smooth(x: Floats, y: Floats, half_width: float) -> Trend:
    """The smoothed curve of the points x, y (N,); 0 < half_width, in the unit of x."""
    trend = Trend(half_width)
    trend.extend(x, y)
    return trend


class _Bins:
    """Sums over the points of each bin that has any, in ascending order; only finite values count."""

    def __init__(self) -> None:
        self.numbers: Floats = np.empty(0)
        self._points: Floats = np.empty(0)
        self._sum_x: Floats = np.empty(0)
        self.count: Floats = np.empty(0)
        self._sum_y: Floats = np.empty(0)
        self.lowest: Floats = np.empty(0)
        self.highest: Floats = np.empty(0)

    def add(self, numbers: Floats, x: Floats, y: Floats) -> None:
        """Add points (N,) by the ascending numbers of their bins, from the last bin on."""
        finite = np.isfinite(y)
        starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
        joins = bool(len(self.numbers) and self.numbers[-1] == numbers[0])
        fresh = {
            "_points": np.add.reduceat(np.ones(len(x)), starts),
            "_sum_x": np.add.reduceat(x, starts),
            "count": np.add.reduceat(finite.astype(np.float64), starts),
            "_sum_y": np.add.reduceat(np.where(finite, y, 0.0), starts),
            "lowest": np.minimum.reduceat(np.where(finite, y, np.inf), starts),
            "highest": np.maximum.reduceat(np.where(finite, y, -np.inf), starts),
        }
        merges = {"lowest": np.minimum, "highest": np.maximum}
        for name, new in fresh.items():
            known: Floats = getattr(self, name)
            if joins:
                known[-1] = merges.get(name, np.add)(known[-1], new[0])
                new = new[1:]
            setattr(self, name, np.concatenate([known, new]))
        self.numbers = np.concatenate([self.numbers, numbers[starts][int(joins) :]])

    def mean_x(self) -> Floats:
        """The mean x (n,) of the points of each bin."""
        return self._sum_x / self._points

    def mean_y(self) -> Floats:
        """The mean (n,) of the finite values of each bin, NaN for none."""
        return np.divide(self._sum_y, self.count, out=np.full(len(self.count), np.nan), where=self.count > 0)


def _local_lines(places: Floats, bins: _Bins, first: int, half_width: float) -> Floats:
    """Values, at the places (n,) from the first on, of the lines that fit the bins around each best."""
    own = np.arange(first, len(places))
    among = own[:, None] + _NEIGHBOURS
    there = (among >= 0) & (among < len(places))
    among = among.clip(0, len(places) - 1)
    mean_x, mean_y = bins.mean_x(), bins.mean_y()
    widths = half_width + np.maximum(0.0, half_width - (places[-1] - places[own]))
    distance = (mean_x[among] - places[own, None]) / widths[:, None]
    weight = np.where(there, bins.count[among], 0.0) * _tricube(distance)
    used = weight > 0
    # Relative to the own value, so that large values with small differences keep their digits.
    height = np.where(used, mean_y[among] - mean_y[own, None], 0.0)
    fitted = mean_y[own] + _at_zero(weight, distance, height)
    # A line may shoot beyond the values that it was fitted to; the smoothed curve does not leave them.
    lowest = np.where(used, bins.lowest[among], np.inf).min(axis=1)
    highest = np.where(used, bins.highest[among], -np.inf).max(axis=1)
    return np.where(np.isfinite(mean_y[own]), fitted.clip(lowest, highest), np.nan)


def _tricube(distance: Floats) -> Floats:
    return (1 - np.minimum(np.abs(distance), 1) ** 3) ** 3


def _at_zero(weight: Floats, distance: Floats, height: Floats) -> NDArray[np.float64]:
    """The height (n,) at distance 0 of the weighted least squares line of each row of (n, neighbours)."""
    s0 = weight.sum(axis=1)
    s1 = (weight * distance).sum(axis=1)
    s2 = (weight * distance**2).sum(axis=1)
    t0 = (weight * height).sum(axis=1)
    t1 = (weight * distance * height).sum(axis=1)
    mean = np.divide(t0, s0, out=np.zeros_like(t0), where=s0 > 0)
    spread = s0 * s2 - s1**2
    sloped = spread > _FLAT * s0**2
    return np.divide(s2 * t0 - s1 * t1, spread, out=mean, where=sloped)
