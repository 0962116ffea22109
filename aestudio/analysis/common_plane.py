"""One plane through the code spaces of several models, so that their maps can be laid side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.projections import Plane, data_limits, plane_of_dimensions, principal_components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def common_plane(sets: Sequence[NDArray[Any]], before: Plane | None = None) -> Plane:
    """The plane that shows most of all sets of codes, (N, L) each, with every set counting alike.

    Two numbers are the plane themselves. Of more, the widest two principal components of all codes
    together, each set centred and brought to one spread first: a model with a large code does not hide
    the others. before: the plane of a moment ago, whose directions are kept as well as the new plane can.
    """
    together = np.concatenate(sets)
    if together.shape[1] == 2:
        return plane_of_dimensions(together, 0, 1)
    components = principal_components(np.concatenate([_to_one_spread(codes) for codes in sets]), 2)
    axes = np.ascontiguousarray(components.directions.T)
    if before is not None and before.axes.shape == axes.shape:
        axes = turned_to(axes, before.axes)
    origin = together.mean(axis=0, dtype=np.float64)
    limits = data_limits((together - origin) @ axes.T)
    return Plane("components", (0, 1), origin, axes, limits, ("1", "2"))


def _to_one_spread(codes: NDArray[Any]) -> NDArray[np.float64]:
    centred = codes.astype(np.float64) - codes.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(np.square(centred).sum(axis=1).mean()) if len(codes) else 0.0
    return centred / spread if spread > 0 else centred


def turned_to(axes: NDArray[np.float64], old: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal axes (2, L) turned or reflected within their plane to lie nearest to old ones (2, L).

    The orthogonal Procrustes problem: Schönemann (1966).
    """
    left, _, right = np.linalg.svd(old @ axes.T)
    return left @ right @ axes
