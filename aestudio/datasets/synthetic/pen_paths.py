"""Smooth pen paths through control points, as matrices, so that a whole batch is two products.

A stroke is a cubic Hermite spline through its control points. Its tangents are
`tension * (next - previous)`: 0 draws straight lines from point to point, 0.5 is the
Catmull-Rom spline, more makes rounder, looser loops. At a corner the tangents of the two
sides are independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INERTIA = 2.5  # samples, the standard deviation of the smoothing along a stroke


@dataclass(frozen=True, eq=False)
class Stroke:
    """One pen-down movement.

    points:  (K, 2) control points, x to the right, y down, in digit heights
    corners: (K,) whether the path may turn sharply there
    """

    points: NDArray[np.float32]
    corners: NDArray[np.bool_]

    @classmethod
    def parse(cls, text: str) -> Stroke:
        """Read "10,0 40,30! 80,100": percentages of the digit's height; "!" marks a corner."""
        words = text.split()
        pairs = [word.rstrip("!").split(",") for word in words]
        points = np.array([[float(x), float(y)] for x, y in pairs], np.float32) / np.float32(100)
        return cls(points, np.array([word.endswith("!") for word in words]))

    @cached_property
    def length(self) -> float:
        """Length of the control polygon, in digit heights."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    def sampling(self, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return (line, bend), each (count, K): samples = (line + tension * bend) @ control points.

        The samples divide the control polygon evenly.
        """
        chords = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        stops = np.concatenate([[0.0], np.cumsum(chords)])
        positions = np.linspace(0.0, float(stops[-1]), count)
        segment = np.clip(np.searchsorted(stops, positions, side="right") - 1, 0, len(chords) - 1)
        t = (positions - stops[segment]) / np.maximum(chords[segment], 1e-6)
        identity = np.eye(len(self.points))
        start, end = identity[segment], identity[segment + 1]
        ahead, behind = self._tangents()
        rise, fall, t = (t**3 - 2 * t**2 + t)[:, None], (t**3 - t**2)[:, None], t[:, None]
        blend = 3 * t**2 - 2 * t**3
        # A Hermite segment whose tangents are both one chord long is the straight line; the
        # factor 2 makes tension 0.5 the Catmull-Rom spline.
        chord = end - start
        straight = start + blend * chord + (rise + fall) * chord
        bend = 2 * (rise * (ahead[segment] - chord) + fall * (behind[segment + 1] - chord))
        inertia = _inertia(count)
        return (inertia @ straight).astype(np.float32), (inertia @ bend).astype(np.float32)

    def _tangents(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Catmull-Rom tangents leaving and reaching every control point, as (K, K) matrices."""
        count = len(self.points)
        steps = np.diff(np.eye(count), axis=0)  # (K - 1, K): row i is p[i + 1] - p[i]
        after, before = np.vstack([steps, steps[-1:]]), np.vstack([steps[:1], steps])
        middle = (after + before) / 2
        corner = self.corners[:, None]
        return np.where(corner, after, middle), np.where(corner, before, middle)


def _inertia(count: int) -> NDArray[np.float64]:
    """Smooth along the samples, (count, count): a pen has mass and turns no corner at full speed."""
    index = np.arange(count)
    reach = np.minimum(index, index[::-1])  # the ends stay where they are
    width = np.minimum(_INERTIA, 0.5 * reach + 1e-3)[:, None]
    weights = np.exp(-0.5 * ((index[:, None] - index) / width) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)
