"""Reduces a long curve to few points without losing a peak: the minimum and maximum of each bin.

The bins are the blocks of a pyramid that grows with the curve. Each block of 16 neighbours stores the
positions of its minimum and maximum; each block of the next level combines two blocks of the level below.
So a new point costs the same however many came before, and a million points are reduced by reading a few
thousand. Blocks never move, so the drawn line does not flicker while the curve grows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

MOST_POINTS = 2000
LEAST_POINTS = 8
_BLOCK = 16
_SHORT = 4096


class Pyramid:
    """Where a growing curve has its extremes. `positive`: only values above 0 count (logarithmic axis).

    It stores indices only: for N values N / 8 on the lowest level and N / 4 on all levels. Each call gets
    the values, which must begin with those that `extend` was given.
    """

    def __init__(self, positive: bool = False) -> None:
        self._positive = positive
        self._levels: list[_Level] = []

    def extend(self, values: Floats) -> None:
        """Add the new values in (N,), which begin with the values of the previous call."""
        below = 0
        size = _BLOCK
        while len(values) // size:
            if below == len(self._levels):
                self._levels.append(_Level())
            level = self._levels[below]
            known, whole = level.length, len(values) // size
            if known < whole:
                level.append(
                    self._of_blocks(values, known, whole)
                    if below == 0
                    else self._of_pairs(values, self._levels[below - 1].table[2 * known : 2 * whole])
                )
            below, size = below + 1, 2 * size

    def thinned(self, values: Floats, first: int, last: int, most: int = MOST_POINTS) -> Indices:
        """Ascending indices, intp (n,), of at most `most` (>= 8) of the values (N,) in [first, last).

        It keeps the first and the last value and the minimum and maximum of each bin. A bin without
        a drawable value keeps one value, so that a gap stays a gap. `extend` must have been given the
        values. Raises ValueError for a smaller `most`.
        """
        if most < LEAST_POINTS:
            raise ValueError(f"most must be at least {LEAST_POINTS}, not {most}")
        if last - first <= most:
            return np.arange(first, last)
        level, size = 0, _BLOCK
        while (last - first) // size > (most - 6) // 2:
            level, size = level + 1, 2 * size
        start, end = -(-first // size), last // size
        parts = [self._extremes(values, first, last)]
        if start < end:
            parts = [
                self._extremes(values, first, start * size),
                self._levels[level].table[start:end].ravel(),
                self._extremes(values, end * size, last),
            ]
        return np.unique(np.concatenate([[first], *parts, [last - 1]]))

    def extent(self, values: Floats, first: int, last: int) -> tuple[float, float] | None:
        """Minimum and maximum of the drawable values (N,) in [first, last); None if there are none."""
        short = last - first <= _SHORT  # for so few, reading all values is faster
        used = values[first:last] if short else values[self._extremes(values, first, last)]
        used = used[self.counts(used)]
        return (float(used.min()), float(used.max())) if len(used) else None

    def counts(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Which values (N,) can be drawn, bool (N,)."""
        usable = np.isfinite(values)
        return usable & (values > 0) if self._positive else usable

    def _extremes(self, values: Floats, first: int, last: int) -> Indices:
        """Indices of the minimum and maximum of a part; empty for an empty part."""
        if first >= last:
            return np.empty(0, np.intp)
        positions = np.concatenate(self._covering(first, last, len(self._levels) - 1))
        return positions[self._of_rows(values[positions][None])[0]]

    def _covering(self, first: int, last: int, level: int) -> list[Indices]:
        """Extremes of the largest blocks of a part, of smaller blocks at its ends, and the rest."""
        if level < 0:
            return [np.arange(first, last)]
        size = _BLOCK << level
        start, end = -(-first // size), last // size
        if start >= end:
            return self._covering(first, last, level - 1)
        return [
            *self._covering(first, start * size, level - 1),
            self._levels[level].table[start:end].ravel(),
            *self._covering(end * size, last, level - 1),
        ]

    def _of_blocks(self, values: Floats, first: int, last: int) -> Indices:
        rows = values[first * _BLOCK : last * _BLOCK].reshape(-1, _BLOCK)
        return np.arange(first, last)[:, None] * _BLOCK + self._of_rows(rows)

    def _of_rows(self, rows: Floats) -> Indices:
        """(blocks, 2): the columns of the minimum and maximum of each row of (blocks, values)."""
        usable = self.counts(rows)
        lowest = np.where(usable, rows, np.inf).argmin(axis=1)
        highest = np.where(usable, rows, -np.inf).argmax(axis=1)
        return np.stack([lowest, highest], axis=1)

    def _of_pairs(self, values: Floats, below: Indices) -> Indices:
        """(blocks, 2) from the blocks of the level below, two for each."""
        pairs = below.reshape(-1, 2, 2)  # (blocks, which of two, lowest and highest)
        pair_values = values[pairs]
        usable = self.counts(pair_values)
        rows = np.arange(len(pairs))
        low = np.where(usable[..., 0], pair_values[..., 0], np.inf).argmin(axis=1)
        high = np.where(usable[..., 1], pair_values[..., 1], -np.inf).argmax(axis=1)
        return np.stack([pairs[rows, low, 0], pairs[rows, high, 1]], axis=1)


class _Level:
    """A growing table (length, 2) of indices."""

    def __init__(self) -> None:
        self._memory = np.empty((_BLOCK, 2), np.intp)
        self.length = 0

    @property
    def table(self) -> Indices:
        return self._memory[: self.length]

    def append(self, rows: Indices) -> None:
        needed = self.length + len(rows)
        if needed > len(self._memory):
            memory = np.empty((2 * needed, 2), np.intp)
            memory[: self.length] = self.table
            self._memory = memory
        self._memory[self.length : needed] = rows
        self.length = needed
