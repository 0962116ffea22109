"""Density of the data's codes on a plane: the aggregate posterior, or a kernel density of points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

# Pairs of a point and a Gaussian in one batch: a few arrays of 4 MB.
PAIRS = 1 << 19


def log_density(
    points: NDArray[Any],
    means: NDArray[Any],
    covariances: NDArray[np.float64],
    progress: Progress = silent,
) -> NDArray[np.float64]:
    """Log density, in nats, of a mixture of N equally weighted Gaussians at points (G, 2): float64 (G,).

    means: (N, 2) with N > 0; covariances: float64 (N, 2, 2), or (2, 2) for all, positive definite
    Raises what `progress` raises.
    """
    precision = np.linalg.inv(covariances)
    _, log_determinant = np.linalg.slogdet(covariances)
    xx, xy, yy = precision[..., 0, 0], 2 * precision[..., 0, 1], precision[..., 1, 1]
    result = np.empty(len(points))
    step = max(1, PAIRS // len(means))
    for start in range(0, len(points), step):
        progress(start, len(points), "Density")
        batch = points[start : start + step]
        x, y = (batch[:, axis, None] - means[None, :, axis] for axis in (0, 1))
        exponent = -0.5 * (xx * x * x + xy * x * y + yy * y * y + log_determinant)
        highest = exponent.max(axis=1)
        result[start : start + step] = highest + np.log(np.exp(exponent - highest[:, None]).sum(axis=1))
    return result - math.log(2 * math.pi * len(means))


def plane_covariances(axes: NDArray[np.float64], stds: NDArray[Any]) -> NDArray[np.float64]:
    """Covariances float64 (N, 2, 2) on a plane of Gaussians with stds (N, L): axes diag(std^2) axes^T.

    A Gaussian with diagonal covariance in L dimensions has a Gaussian marginal on the plane with the
    orthonormal rows `axes`, float64 (2, L).
    """
    squares = np.square(stds.astype(np.float64))
    xx, xy, yy = (squares @ (axes[i] * axes[j]) for i, j in ((0, 0), (0, 1), (1, 1)))
    return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


def kernel_covariance(xy: NDArray[Any]) -> NDArray[np.float64]:
    """Kernel covariance float64 (2, 2) for a density of points (N, 2): their covariance times N^(-1/3).

    Scott's rule (1992): a bandwidth of N^(-1 / (d + 4)) standard deviations in d = 2 dimensions. A direction
    without variance gets a thousandth of the width of the other one.
    """
    count = len(xy)
    covariance = np.cov(xy.astype(np.float64).T) if count > 1 else np.eye(2)
    floor = 1e-6 * max(float(np.trace(covariance)), 1e-12)
    return (covariance + floor * np.eye(2)) * count ** (-1 / 3)


def mixture(codes: Codes, xy: NDArray[Any], axes: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Covariances, on the map, of the Gaussians centred at the codes' positions xy (N, 2).

    axes: the plane's orthonormal rows float64 (2, L); None for an embedding (t-SNE, UMAP)
    Gaussian codes on a plane have those of their posteriors, float64 (N, 2, 2); all others share one
    kernel, float64 (2, 2).
    """
    if codes.std is None or axes is None:
        return kernel_covariance(xy)
    return plane_covariances(axes, codes.std)


def widened(covariances: NDArray[np.float64], cell: tuple[float, float]) -> NDArray[np.float64]:
    """Covariances float64 (..., 2, 2) of densities averaged over grid cells of this size, same shape.

    cell: width and height. The average over a cell adds the variance of a uniform distribution,
    side^2 / 12. Without it, posteriors narrower than a cell would fall between the grid's points.
    """
    return covariances + np.diag([side * side / 12 for side in cell])
