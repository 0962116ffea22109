"""Draws a long curve with few points without losing a peak: the smallest and largest value of each bin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_POINTS = 2000


def decimate(x: Floats, y: Floats, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """At most `most` (>= 4) of the points (x, y), both (N,), in their order.

    Kept are the first and the last point and, of each bin of neighbours, the smallest and the largest
    finite value; a bin without any finite value keeps one point, so that a gap stays a gap.
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x and y must be one-dimensional and alike, not {x.shape} and {y.shape}")
    if most < 4:
        raise ValueError(f"most must be at least 4, not {most}")
    if len(x) <= most:
        return x, y
    kept = _extremes(y[1:-1], bins=(most - 2) // 2) + 1
    index = np.concatenate(([0], kept, [len(x) - 1]))
    return x[index], y[index]


def _extremes(y: Floats, bins: int) -> npt.NDArray[np.intp]:
    """Ascending indices of the smallest and the largest finite value in each of at most `bins` bins."""
    width = -(-len(y) // bins)
    rows = -(-len(y) // width)
    finite = np.zeros(rows * width, dtype=bool)
    finite[: len(y)] = np.isfinite(y)
    padded = np.zeros(rows * width)
    padded[: len(y)] = y
    table = (rows, width)
    lowest = np.where(finite, padded, np.inf).reshape(table).argmin(axis=1)
    highest = np.where(finite, padded, -np.inf).reshape(table).argmax(axis=1)
    start = np.arange(rows) * width
    return np.unique(np.concatenate((start + lowest, start + highest)))
