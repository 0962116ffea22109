"""The points of a map as arrays: their positions, checked, and which of them are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.plots.map_layers import PointValues

    Points = NDArray[np.float32]


def positions_of(
    xy: Points, labels: NDArray[np.int64] | None, values: PointValues | None, depth: Points | None
) -> Points:
    """Positions float32 (N, 2), or (N, 3) with a depth (N,) towards the viewer.

    Raises ValueError if the shapes do not match.
    """
    if xy.ndim != 2 or xy.shape[1] != 2 or (labels is not None and len(labels) != len(xy)):
        raise ValueError(f"points must be (N, 2) with N labels or none, not {xy.shape}")
    if values is not None and len(values.values) != len(xy):
        raise ValueError(f"{len(values.values)} values for {len(xy)} points")
    if depth is None:
        return np.ascontiguousarray(xy, dtype=np.float32)
    return np.stack((*xy.T, depth)).astype(np.float32, copy=False).T  # columns are read


def selected_points(indices: NDArray[np.int64] | None, count: int) -> NDArray[np.bool_] | None:
    """Which of the points are selected, bool (count,); None without one. Others than these are left out."""
    if indices is None or not len(indices):
        return None
    selected = np.zeros(count, np.bool_)
    selected[indices[(indices >= 0) & (indices < count)]] = True
    return selected
