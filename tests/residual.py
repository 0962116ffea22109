"""How far the points of two maps are from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def residual(xy: NDArray[Any], onto: NDArray[Any]) -> float:
    """Distance of points xy (N, 2) from `onto` (N, 2), both centred, relative to the norm of `onto`."""
    difference = (xy - xy.mean(axis=0)) - (onto - onto.mean(axis=0))
    total = np.square(onto - onto.mean(axis=0)).sum()
    return float(np.sqrt(np.square(difference).sum() / total)) if total > 0 else 0.0
