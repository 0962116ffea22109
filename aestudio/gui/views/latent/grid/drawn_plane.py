"""The plane of the grid that is drawn: its axes and the point on it are those of its own step.

While a training runs, a new map is there before its grid is decoded. The axes of a plane of principal
components turn from step to step, so the grid keeps its own until it is replaced as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.analysis.grid_cells import scales_of
from aestudio.gui.views.latent.grid.grid_geometry import share_of_window
from aestudio.gui.views.latent.map.own_point import position_of_code

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.grid_cells import AxisScale, GridWindow, Spacing
    from aestudio.analysis.projections import Plane
    from aestudio.gui.inference.requests.grid_request import GridImage
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class DrawnPlane:
    """A plane, the scales of its two axes, and whether it is the plane of the map that is shown."""

    plane: Plane | Embedding2D
    scales: tuple[AxisScale, AxisScale]
    of_map: bool


def fits(grid: GridImage, shown: CodeMap) -> bool:
    """Whether a grid is of a model with codes as long as those of the map."""
    return grid.plane.size == shown.plane.size


def drawn_plane(grid: GridImage | None, shown: CodeMap, spacing: Spacing) -> DrawnPlane:
    """The plane of the grid; without one that fits, the plane of the map, which the next grid will have."""
    if grid is None or not fits(grid, shown):
        return DrawnPlane(shown.plane, scales_of(shown.plane, spacing), of_map=True)
    return DrawnPlane(grid.plane, grid.cell_grid.scales, of_map=grid.plane is shown.plane)


def cross_on(
    drawn: DrawnPlane,
    window: GridWindow,
    code: NDArray[np.float32] | None,
    state: StudioState,
    shown: CodeMap | None,
    last: Point | None,
) -> Point | None:
    """Where a decoded code (L,) is, as shares of the window, to the right and upward.

    shown: the map; last: where it was before
    """
    if code is None or len(code) != drawn.plane.size:
        return None
    newest = code is state.exploration.decoded_code and shown is state.value("map")
    if shown is not None and drawn.of_map and newest:
        position = position_of_code(state, shown)
    elif not drawn.of_map and state.step_advances and not state.exploration.set_by_user:
        return last  # the newest code of an image is no point of an earlier plane
    else:
        x, y = drawn.plane.to_plane(code[None])[0]
        position = float(x), float(y)
    return None if position is None else share_of_window(window, drawn.scales, position)
