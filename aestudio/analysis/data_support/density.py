"""How densely the data's codes lie on a plane: the aggregate posterior, or a kernel density of points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

# Pairs of point and Gaussian in one batch: a few arrays of 4 MB.
PAIRS = 1 << 19


def log_density(
    points: NDArray[Any],
    means: NDArray[Any],
    covariances: NDArray[np.float64],
    progress: Progress = silent,
) -> NDArray[np.float64]:
    """Logarithm of the density of an equal mixture of N Gaussians at points (G, 2), float64 (G,), in nats.

    means: (N, 2) with N > 0; covariances: (N, 2, 2), or (2, 2) for all of them, positive definite
    """
    precision = np.linalg.inv(covariances)
    _, volume = np.linalg.slogdet(covariances)
    xx, xy, yy = precision[..., 0, 0], 2 * precision[..., 0, 1], precision[..., 1, 1]
    result = np.empty(len(points))
    step = max(1, PAIRS // len(means))
    for start in range(0, len(points), step):
        progress(start, len(points), "Density")
        part = points[start : start + step]
        x, y = (part[:, axis, None] - means[None, :, axis] for axis in (0, 1))
        exponent = -0.5 * (xx * x * x + xy * x * y + yy * y * y + volume)
        highest = exponent.max(axis=1)
        result[start : start + step] = highest + np.log(np.exp(exponent - highest[:, None]).sum(axis=1))
    return result - math.log(2 * math.pi * len(means))


def plane_covariances(axes: NDArray[np.float64], stds: NDArray[Any]) -> NDArray[np.float64]:
    """Covariances (N, 2, 2) on a plane of Gaussians with these stds (N, L): axes diag(s^2) axes^T.

    Gaussians with diagonal covariance over all L numbers, marginalised onto the plane of the orthonormal
    rows `axes` (2, L), are Gaussians again.
    """
    squares = np.square(stds.astype(np.float64))
    xx, xy, yy = (squares @ (axes[i] * axes[j]) for i, j in ((0, 0), (0, 1), (1, 1)))
    return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


def kernel_covariance(xy: NDArray[Any]) -> NDArray[np.float64]:
    """The kernel (2, 2) for a density of points (N, 2): their covariance times N^(-1/3), Scott's rule.

    Scott (1992): a bandwidth of N^(-1 / (d + 4)) standard deviations in d = 2 dimensions. A direction without
    variance gets a thousandth of the other one's width.
    """
    count = len(xy)
    covariance = np.cov(xy.astype(np.float64).T) if count > 1 else np.eye(2)
    floor = 1e-6 * max(float(np.trace(covariance)), 1e-12)
    return (covariance + floor * np.eye(2)) * count ** (-1 / 3)


def mixture(codes: Codes, xy: NDArray[Any], axes: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """The covariances on the map of the Gaussians around the codes' positions xy (N, 2).

    axes: the plane's orthonormal rows (2, L), None for a map without straight axes (t-SNE, UMAP)
    Gaussian codes on a plane have their posteriors' (N, 2, 2), all others one kernel (2, 2).
    """
    if codes.std is None or axes is None:
        return kernel_covariance(xy)
    return plane_covariances(axes, codes.std)


def widened(covariances: NDArray[np.float64], cell: tuple[float, float]) -> NDArray[np.float64]:
    """The covariances (..., 2, 2) averaged over grid cells of this width and height, same shape.

    Averaging over a cell adds the variance of a uniform distribution, side^2 / 12. Without it posteriors
    narrower than a cell would fall between the points of the grid.
    """
    return covariances + np.diag([side * side / 12 for side in cell])
