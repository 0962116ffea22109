"""How points in space are turned and seen from the front, without perspective. Pure functions, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Positions = npt.NDArray[np.float32]

STEEPEST = math.radians(85)
"""The largest tilt: beyond it left and right would change places."""
_SHARE = 0.999  # of the points that a space holds: a few may be far away


@dataclass(frozen=True)
class Turn:
    """angle: to the right about the upward axis; tilt: downward about the horizontal one, in radians."""

    angle: float = 0.0
    tilt: float = 0.0

    def by(self, right: float, down: float) -> Turn:
        """Turned further by angles in radians."""
        angle = math.remainder(self.angle + right, 2 * math.pi)
        return replace(self, angle=angle, tilt=min(STEEPEST, max(-STEEPEST, self.tilt + down)))

    @property
    def matrix(self) -> Positions:
        """float32 (3, 3): x, y and z, towards the viewer, as they are seen, from x, y, z; orthogonal."""
        (sin, cos), (down, up) = ((math.sin(at), math.cos(at)) for at in (self.angle, self.tilt))
        rows = ((cos, 0.0, sin), (down * sin, up, -down * cos), (-up * sin, down, up * cos))
        return np.array(rows, np.float32)


UPRIGHT = Turn()
"""The plane of the first two axes, seen from the front."""


@dataclass(frozen=True, eq=False)
class Space:
    """The ball that holds the points, about whose centre they are turned. centre: float32 (3,)"""

    centre: Positions
    radius: float

    @property
    def corners(self) -> Positions:
        """Lower left and upper right of what is to be seen, float32 (2, 2): enough for every turn."""
        reach = np.float32(self.radius)
        return np.stack((self.centre[:2] - reach, self.centre[:2] + reach))


def space_of(xyz: Positions) -> Space:
    """The space of points (N, 3); those that are not finite, and the farthest thousandth, do not count."""
    usable = xyz[np.isfinite(xyz).all(axis=1)]
    if not len(usable):
        return Space(np.zeros(3, np.float32), 1.0)
    low, high = np.quantile(usable, (1 - _SHARE, _SHARE), axis=0)
    centre = ((low + high) / 2).astype(np.float32)
    distances = np.sqrt(np.square(usable - centre).sum(axis=1))
    return Space(centre, float(np.quantile(distances, _SHARE)) or 1.0)


def seen(xyz: Positions, turn: Turn, space: Space) -> Positions:
    """Points (N, 3) as they are seen, float32 (N, 3): x, y, and z from -1, far, to 1, near.

    Column by column: a product of matrices would wait for the threads of the library, several milliseconds.
    """
    columns = [xyz[:, axis] - space.centre[axis] for axis in range(3)]
    offsets = (space.centre[0], space.centre[1], np.float32(0))
    found = np.empty((len(xyz), 3), np.float32, order="F")
    for row, offset, into in zip(turn.matrix, offsets, found.T, strict=True):
        np.multiply(columns[0], row[0], out=into)
        for column, part in zip(columns[1:], row[1:], strict=True):
            into += column * part
        into += offset
    found[:, 2] *= np.float32(1 / space.radius)
    return found


def picked(
    points: Positions,
    at: tuple[float, float],
    pixel: tuple[float, float],
    reach: float,
    dot: float,
    allowed: npt.NDArray[np.bool_],
) -> int | None:
    """The point of those as they are seen (N, 3) at a position: the nearest to the viewer whose dot is there.

    pixel: width and height of a pixel; reach: pixels within which the nearest counts, if no dot is there;
    dot: pixels from the middle of a dot to its edge; allowed: bool (N,)
    """
    if not min(pixel) > 0:
        return None
    apart = np.hypot((points[:, 0] - at[0]) / pixel[0], (points[:, 1] - at[1]) / pixel[1])
    apart = np.where(allowed & np.isfinite(apart), apart, np.inf)
    under = np.flatnonzero(apart <= dot)
    if len(under):
        return int(under[points[under, 2].argmax()])
    best = int(apart.argmin()) if len(apart) else -1
    return best if best >= 0 and apart[best] <= reach else None
