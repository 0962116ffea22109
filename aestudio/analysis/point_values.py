"""One figure for each digit on the map: how densely the codes lie where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.data_support.density import log_density, mixture, widened
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.projections import Plane
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

# What is finer than such a share of the map cannot be seen.
FINEST = 1 / 64


def densities_on_map(
    plane: Plane | Embedding2D, xy: NDArray[Any], codes: Codes, progress: Progress = silent
) -> NDArray[np.float32]:
    """Log density, in nats, at points xy (N, 2) of the map: float32 (N,).

    codes: those of the first M <= N points, which the density is made of: on a plane the aggregate
    posterior of a Gaussian code, else a kernel density of the points. A point counts for its own density
    only through the others: those that the density is made of would all lie higher than the rest.
    """
    own = len(codes)
    cell = (plane.limits[:, 1] - plane.limits[:, 0]) * FINEST
    axes = plane.axes if plane.linear else None  # type: ignore[union-attr]
    around = widened(mixture(codes, xy[:own], axes), (float(cell[0]), float(cell[1])))
    found = log_density(xy, xy[:own], around, progress)
    if own > 1:
        _, volume = np.linalg.slogdet(around)
        at_centre = -np.log(2 * np.pi) - 0.5 * volume - np.log(own)
        share = np.minimum(np.exp(at_centre - found[:own]), 1 - 1e-6)
        found[:own] += np.log1p(-share) + np.log(own / (own - 1))
    return found.astype(np.float32)
