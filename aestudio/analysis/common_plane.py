"""One plane through the code spaces of several models, so that their maps can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.projections import Plane, data_limits, plane_of_dimensions, principal_components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def common_plane(sets: Sequence[NDArray[Any]], previous: Plane | None = None) -> Plane:
    """The plane that shows most of all sets of codes, each (N, L), with equal weight for each set.

    Codes of two dimensions are on the plane already. Otherwise its axes are the first two principal
    components of all codes together, after each set was centred and scaled to the same variance, so that a
    model with large codes does not hide the others.
    previous: the plane of the previous step; the new axes are rotated to be closest to its axes. That turns
              them within the plane of both components, so their titles name no single one of these
    """
    all_codes = np.concatenate(sets)
    if all_codes.shape[1] == 2:
        return plane_of_dimensions(all_codes, 0, 1)
    components = principal_components(np.concatenate([_to_unit_scale(codes) for codes in sets]), 2)
    axes = np.ascontiguousarray(components.directions.T)
    if previous is not None and previous.axes.shape == axes.shape:
        axes = rotated_onto(axes, previous.axes)
    origin = all_codes.mean(axis=0, dtype=np.float64)
    limits = data_limits((all_codes - origin) @ axes.T)
    return Plane("components", (0, 1), origin, axes, limits, ("PCA axis 1", "PCA axis 2"))


def _to_unit_scale(codes: NDArray[Any]) -> NDArray[np.float64]:
    centred = codes.astype(np.float64) - codes.mean(axis=0, dtype=np.float64)
    scale = np.sqrt(np.square(centred).sum(axis=1).mean()) if len(codes) else 0.0
    return centred / scale if scale > 0 else centred


def rotated_onto(axes: NDArray[np.float64], previous: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal axes float64 (2, L), rotated or reflected within their plane, closest to `previous` (2, L).

    The orthogonal Procrustes problem (Schönemann 1966).
    """
    left, _, right = np.linalg.svd(previous @ axes.T)
    return left @ right @ axes
