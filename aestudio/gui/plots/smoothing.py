"""Smooths a noisy curve by an exponentially weighted mean of the past, without bias at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aestudio.gui.plots.decimation import Floats

MOST_SMOOTHING = 0.99
_FIRST_CAPACITY = 256


class Trend:
    """The smoothed values of a growing curve. The cost of a new value does not depend on the length."""

    def __init__(self, weight: float) -> None:
        """weight: in [0, 0.99], see `smooth`; raises ValueError outside of that."""
        if not 0 <= weight <= MOST_SMOOTHING:
            raise ValueError(f"smoothing must be from 0 to {MOST_SMOOTHING}, not {weight}")
        self.weight = weight
        self._memory = np.empty(_FIRST_CAPACITY)
        self._length = 0
        self._total = self._mass = 0.0

    @property
    def values(self) -> Floats:
        """All smoothed values, float64 (N,)."""
        return self._memory[: self._length]

    def extend(self, y: Floats) -> None:
        """Add the new values in y (N,), which begins with the values of the previous call."""
        new = y[self._length :]
        if not len(new):
            return
        if len(y) > len(self._memory):
            memory = np.empty(2 * len(y))
            memory[: self._length] = self.values
            self._memory = memory
        self._memory[self._length : len(y)] = self._smoothed(new)
        self._length = len(y)

    def _smoothed(self, y: Floats) -> Floats:
        finite = np.isfinite(y)
        if self.weight == 0:
            return np.where(finite, y, np.nan)
        total = _decaying_sum(np.where(finite, y, 0.0), self.weight, self._total)
        mass = _decaying_sum(finite.astype(np.float64), self.weight, self._mass)
        self._total, self._mass = float(total[-1]), float(mass[-1])
        return np.divide(total, mass, out=np.full(len(y), np.nan), where=finite)


def smooth(y: Floats, weight: float) -> Floats:
    """Exponentially weighted mean of y (N,) and its past; a value k steps back weighs `weight ** k`.

    `weight` in [0, 0.99]; 0 returns y. The weights are normalised (as Adam's moments are), so the
    first value is y[0] rather than a share of it. Values that are not finite have no weight and become NaN.
    """
    trend = Trend(weight)
    trend.extend(y)
    return trend.values


def _decaying_sum(values: Floats, weight: float, carried: float) -> Floats:
    """s[t] = weight * s[t - 1] + values[t], in blocks short enough that weight ** -t does not overflow."""
    block = min(len(values), max(1, int(-100 / np.log10(weight))))
    powers = weight ** np.arange(block, dtype=np.float64)
    sums = np.empty(len(values))
    for start in range(0, len(values), block):
        part = values[start : start + block]
        decay = powers[: len(part)]
        sums[start : start + block] = decay * (np.cumsum(part / decay) + weight * carried)
        carried = float(sums[start + len(part) - 1])
    return sums
