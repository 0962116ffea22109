"""Finds the point under the mouse among tens of thousands by a binary search along x."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class PointIndex:
    """Points (N, 2), sorted once for many searches."""

    def __init__(self, xy: npt.NDArray[np.float32]) -> None:
        usable = np.flatnonzero(np.isfinite(xy).all(axis=1))
        self._order = usable[np.argsort(xy[usable, 0], kind="stable")]
        self._sorted = xy[self._order].astype(np.float64)

    def nearest(
        self, x: float, y: float, reach: tuple[float, float], allowed: npt.NDArray[np.bool_] | None = None
    ) -> int | None:
        """Index of the nearest point within the ellipse of half axes `reach`, or None.

        Distance is measured in units of `reach`: a circle on the screen if `reach` is the same number of
        pixels in each direction. `allowed`, bool (N,), leaves out hidden points. In a plot of no size
        `reach` is 0, and no point is found.
        """
        if not min(reach) > 0:
            return None
        low = int(np.searchsorted(self._sorted[:, 0], x - reach[0], side="left"))
        high = int(np.searchsorted(self._sorted[:, 0], x + reach[0], side="right"))
        if low >= high:
            return None
        offset = (self._sorted[low:high] - (x, y)) / reach
        distance = np.einsum("ij,ij->i", offset, offset)
        if allowed is not None:
            distance = np.where(allowed[self._order[low:high]], distance, np.inf)
        best = int(distance.argmin())
        return int(self._order[low + best]) if distance[best] <= 1 else None
