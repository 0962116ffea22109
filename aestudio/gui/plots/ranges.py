"""Ranges of axes. They leave space ahead of the data instead of following each new point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aestudio.gui.plots.decimation import Floats

Range = tuple[float, float]

_BURN_IN = 0.1
_ENOUGH_POINTS = 20
_WORTH_LEAVING_OUT = 1.5
_TOO_EMPTY = 0.6
# Of a time axis: a first point so near to 0 that it begins there; its shortest part of what is expected.
_NEAR_ZERO, _LEAST_SHARE, _AHEAD = 0.1, 0.02, 1.02


def extent(values: Floats) -> Range | None:
    """Smallest and largest finite value of (N,), or None if there is none."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else None


def burn_in_end(x: Floats) -> float | None:
    """The x at which a curve at x (N,) ends its steep beginning, a tenth; None if it is too short."""
    return float(x[0] + _BURN_IN * (x[-1] - x[0])) if len(x) >= _ENOUGH_POINTS else None


def settled(everything: Range, later: Range | None) -> Range:
    """`later` (the range after the beginning) if the beginning would take much of the height."""
    if later is None or later[1] <= later[0]:
        return everything
    height = everything[1] - everything[0]
    return later if height > _WORTH_LEAVING_OUT * (later[1] - later[0]) else everything


def union(first: Range | None, second: Range | None) -> Range | None:
    """The smallest range that contains both."""
    if first is None or second is None:
        return first or second
    return min(first[0], second[0]), max(first[1], second[1])


def padded(data: Range, share: float = 0.05) -> Range:
    """The data's range with a margin of `share` of its width on both sides; never empty."""
    width = data[1] - data[0]
    margin = width * share if width > 0 else max(abs(data[0]) * 0.1, 1e-9)
    return data[0] - margin, data[1] + margin


def grown(shown: Range, data: Range, headroom: float = 0.15) -> Range:
    """`shown`, widened on each side that the data exceed, by `headroom` of the new width more."""
    low, high = shown
    spare = headroom * (max(high, data[1]) - min(low, data[0]))
    return (data[0] - spare if data[0] < low else low), (data[1] + spare if data[1] > high else high)


def followed(shown: Range | None, data: Range) -> Range:
    """The range after `shown`: grown if the data exceed it, reset if the data fill too little of it.

    Otherwise it stays, so that a falling loss changes the axis a few times and not with each point.
    """
    target = padded(data)
    if shown is None or target[1] - target[0] < _TOO_EMPTY * (shown[1] - shown[0]):
        return target
    return grown(shown, data)


def time_axis(data: Range, expected_end: float | None) -> Range:
    """From the beginning to a round end ahead, at most the expected one, so that the axis grows in steps.

    It does not reach to the expected end at once: the first epochs of many would be a line at its edge.
    A single point, as the validation of a run of one epoch, has no length: the axis begins at 0.
    """
    start, end = data
    alone = expected_end is None and end <= start
    if 0 < start <= _NEAR_ZERO * max(end, expected_end or 0.0) or (alone and start > 0):
        start = 0.0  # a first point is the mean of the first steps
    length = max(end - start, 1.0 if alone else 1e-9)
    if expected_end is not None and expected_end >= end:
        ahead = _rounded_up(_AHEAD * max(length, _LEAST_SHARE * (expected_end - start)))
        return start, max(min(start + ahead, expected_end), start + 1e-9)
    step = 10 ** math.floor(math.log10(length)) / 2
    return start, start + step * math.ceil(length * _AHEAD / step)


def _rounded_up(length: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(length))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= length)
