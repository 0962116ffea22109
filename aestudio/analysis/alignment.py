"""Maps of successive snapshots laid over one another: what is left is motion and not rotation."""

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
        """Points (N, 2), turned and moved."""
        return (xy - self.centre) @ self.matrix + self.target


def best_turn(xy: NDArray[Any], onto: NDArray[Any]) -> RigidTransform:
    """The turn that brings points xy (N, 2) nearest to `onto` (N, 2), N > 0, in the sum of squares.

    Orthogonal Procrustes (Schönemann 1966), without scaling: both clouds are centred, and the rotation is
    U V^T of the singular values' decomposition U S V^T of their product.
    """
    centre, target = xy.mean(axis=0, dtype=np.float64), onto.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd((xy - centre).T @ (onto - target))
    return RigidTransform(left @ right, centre, target)


def best_flip(xy: NDArray[Any], onto: NDArray[Any]) -> NDArray[np.float64]:
    """The signs (2,) of the two coordinates of xy (N, 2) with which it lies nearest to `onto` (N, 2)."""
    centred = xy - xy.mean(axis=0, dtype=np.float64)
    return np.where((centred * (onto - onto.mean(axis=0, dtype=np.float64))).sum(axis=0) < 0, -1.0, 1.0)


def residual(xy: NDArray[Any], onto: NDArray[Any]) -> float:
    """How far points (N, 2) moved: root mean square distance as a share of the spread of `onto`, centred."""
    moved = (xy - xy.mean(axis=0)) - (onto - onto.mean(axis=0))
    spread = np.square(onto - onto.mean(axis=0)).sum()
    return float(np.sqrt(np.square(moved).sum() / spread)) if spread > 0 else 0.0
