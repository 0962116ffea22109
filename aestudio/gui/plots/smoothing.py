"""Smooths a noisy curve: the exponentially weighted mean of the past, without a bias at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aestudio.gui.plots.decimation import Floats

MOST_SMOOTHING = 0.99


def smooth(y: Floats, weight: float) -> Floats:
    """Exponentially weighted mean of y (N,) and its past; a value k steps back weighs `weight ** k`.

    `weight` in [0, 0.99]; 0 gives y back. The weights are normalised (as Adam's moments are), so the
    first value is y[0] rather than a share of it. Values that are not finite count nothing and stay NaN.
    """
    if not 0 <= weight <= MOST_SMOOTHING:
        raise ValueError(f"smoothing must be from 0 to {MOST_SMOOTHING}, not {weight}")
    finite = np.isfinite(y)
    if weight == 0 or len(y) == 0:
        return np.where(finite, y, np.nan)
    total = _decaying_sum(np.where(finite, y, 0.0), weight)
    mass = _decaying_sum(finite.astype(np.float64), weight)
    return np.divide(total, mass, out=np.full(len(y), np.nan), where=finite)


def _decaying_sum(values: Floats, weight: float) -> Floats:
    """s[t] = weight * s[t - 1] + values[t], in blocks short enough that weight ** -t does not overflow."""
    block = min(len(values), max(1, int(-100 / np.log10(weight))))
    powers = weight ** np.arange(block, dtype=np.float64)
    sums = np.empty(len(values))
    carried = 0.0
    for start in range(0, len(values), block):
        part = values[start : start + block]
        decay = powers[: len(part)]
        sums[start : start + block] = decay * (np.cumsum(part / decay) + weight * carried)
        carried = float(sums[start + len(part) - 1])
    return sums
