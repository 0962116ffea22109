"""Alignment of the maps of successive snapshots, so that they show motion and not rotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class RigidTransform:
    """A rotation or reflection of the plane about a point: xy -> (xy - centre) @ matrix + target.

    matrix: float64 (2, 2), orthogonal; centre, target: float64 (2,)
    """

    matrix: NDArray[np.float64]
    centre: NDArray[np.float64]
    target: NDArray[np.float64]

    def __call__(self, xy: NDArray[Any]) -> NDArray[np.float64]:
        """Points (N, 2) -> float64 (N, 2), rotated and moved."""
        return (xy - self.centre) @ self.matrix + self.target


def best_rotation(xy: NDArray[Any], onto: NDArray[Any]) -> RigidTransform:
    """The rigid transform that moves points xy (N, 2) closest to `onto` (N, 2), N > 0, in least squares.

    Orthogonal Procrustes problem without scaling (Schönemann 1966): both sets are centred, and the rotation
    is U V^T, where U S V^T is the singular value decomposition of their product.
    """
    centre, target = xy.mean(axis=0, dtype=np.float64), onto.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd((xy - centre).T @ (onto - target))
    return RigidTransform(left @ right, centre, target)


def best_flip(xy: NDArray[Any], onto: NDArray[Any]) -> NDArray[np.float64]:
    """The signs float64 (2,) of the coordinates of xy (N, 2) that move it closest to `onto` (N, 2)."""
    centred = xy - xy.mean(axis=0, dtype=np.float64)
    return np.where((centred * (onto - onto.mean(axis=0, dtype=np.float64))).sum(axis=0) < 0, -1.0, 1.0)
