"""A value for each point of the map: the density of the codes at its position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.data_support.density import log_density, mixture, widened
from aestudio.analysis.projections import Plane
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

# Finer structures than this share of the map are not visible.
FINEST = 1 / 64


def densities_on_map(
    plane: Plane | Embedding2D, xy: NDArray[Any], codes: Codes, progress: Progress = silent
) -> NDArray[np.float32]:
    """Log density, in nats, at points xy (N, 2) of the map: float32 (N,).

    codes: of the first M <= N points, which define the density: on a plane the aggregate posterior of a
    Gaussian code, otherwise a kernel density of the points. A point's density is that of the other points
    (leave one out); otherwise these M points would all have higher densities than the rest.
    Raises what `progress` raises.
    """
    count = len(codes)
    cell = (plane.limits[:, 1] - plane.limits[:, 0]) * FINEST
    axes = plane.axes if isinstance(plane, Plane) else None
    covariances = widened(mixture(codes, xy[:count], axes), (float(cell[0]), float(cell[1])))
    density = log_density(xy, xy[:count], covariances, progress)
    if count > 1:
        _, log_determinant = np.linalg.slogdet(covariances)
        at_centre = -np.log(2 * np.pi) - 0.5 * log_determinant - np.log(count)
        share = np.minimum(np.exp(at_centre - density[:count]), 1 - 1e-6)
        density[:count] += np.log1p(-share) + np.log(count / (count - 1))
    return density.astype(np.float32)
