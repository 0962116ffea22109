"""The points of a grid as they are printed in papers, computed without windows and cells."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.grid_cells import Spacing
    from aestudio.analysis.projections import Plane


def grid_points(plane: Plane, rows: int, columns: int, spacing: Spacing = "even") -> NDArray[np.float64]:
    """Coordinates on the plane, float64 (rows, columns, 2); row 0 is the top one, with the largest y.

    even:   the centres of rows x columns equal cells over the plane's limits, so that an image of the
            grid over the limits shows each decoded image at the position of its code
    normal: at quantiles of the prior N(0, I) along each axis, equally probable steps (Kingma & Welling
            2013, appendix A)
    Raises BadChoice for another spacing.
    """
    x = _positions(plane, 0, columns, spacing)
    y = _positions(plane, 1, rows, spacing)[::-1]
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1)


def _positions(plane: Plane, axis: int, count: int, spacing: Spacing) -> NDArray[np.float64]:
    centres = (np.arange(count) + 0.5) / count
    if spacing == "normal":
        quantile = NormalDist().inv_cdf
        # The prior's centre is the zero code, which need not be the plane's origin.
        return np.array([quantile(share) for share in centres]) - plane.origin @ plane.axes[axis]
    if spacing != "even":
        raise BadChoice("spacing", spacing, ("even", "normal"))
    low, high = plane.limits[axis]
    return low + centres * (high - low)
