"""The decoded images under the points of the map: their request, and what of its result is shown.

They lie on the plane of the map itself. They are decoded by the snapshot whose codes are the points, so that
a point and the image under it are of one model at one step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from aestudio.analysis.grid_cells import AxisScale, CellGrid
from aestudio.gui.inference.requests.grid_request import DecodedPlane
from aestudio.gui.plots.map_layers import ImagesOnPlane
from aestudio.gui.state.capabilities import no_map
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.views.latent.map.map_planes import wants_decoded
from aestudio.gui.views.latent.map.visible_part import VisiblePart
from aestudio.gui.views.shared.condition_text import shown_text

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.grid_request import GridImage
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.map.map_panel import MapPanel

_ACROSS = 16  # images side by side in the shorter direction, about
_LEAST_PIXELS = 20  # device pixels of an image
_MOST_CELLS, _MOST_CHOSEN = 1_200, 2_800  # if nothing is chosen, and if it is
_DIGITS = 7  # significant, of a cell's size: the same zoom gives the same cells


class DecodedLayer(QObject):
    """Requests the decoded images of the visible part of the plane, and shows them under a panel's points.

    moved(): the visible part of the map changed, and needs other images
    """

    moved = Signal()

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._visible = VisiblePart(panel)
        self._visible.moved.connect(self.moved)
        self._drawn: tuple[GridImage, ImagesOnPlane] | None = None

    def requests(self, state: StudioState) -> list[Request]:
        """The images of the visible part of the plane on show; [] if the layer is off or has no meaning."""
        shown, code = self._panel.planes.of(state), state.exploration.decoded_code
        self._visible.followed = bool(shown is not None and wants_decoded(state))
        if shown is None or state.snapshot is None or not wants_decoded(state):
            return []
        snapshot, about = state.snapshot, None
        if not no_map(snapshot):
            request = state.results["map"].request
            snapshot, about = request.snapshot, request.subject
        size = snapshot.architecture.latent.size
        if shown.plane.size != size or not shown.plane.linear:
            return []
        if size > 2 and (code is None or len(code) != size):
            return []
        base = np.zeros(size, np.float32) if code is None or size == 2 else code
        foot = shown.plane.from_plane(np.zeros((1, 2)), base)[0]
        cells = self._cells(state)
        if cells is None:
            return []
        told = shown_condition(state)
        return [DecodedPlane(snapshot, shown.plane, tuple(np.round(foot, 3).tolist()), cells, told, about)]

    def _cells(self, state: StudioState) -> CellGrid | None:
        plot = self._panel.map.plot
        view = self._visible.rect()
        size = plot.map_box.sceneBoundingRect().size()
        ratio = plot.devicePixelRatioF()
        across = state.map_choice.across
        return cells_of(view, (size.width() * ratio, size.height() * ratio), shown_shape(state), across)

    def show_state(self, state: StudioState) -> None:
        """Show the newest images of the plane on show, or none."""
        self._panel.set_decoded(self.images(state), self.told(state))

    def _result(self, state: StudioState) -> GridImage | None:
        """The newest images, if they are of the plane and the model on show."""
        shown, result = self._panel.planes.of(state), state.results.get(DecodedPlane.channel)
        if shown is None or result is None or result.value is None or not wants_decoded(state):
            return None
        grid: GridImage = result.value
        of_run = state.snapshot is not None and result.request.snapshot.run_key == state.snapshot.run_key
        return grid if of_run and _same_plane(grid, shown) else None

    def images(self, state: StudioState) -> ImagesOnPlane | None:
        """What to draw; None without images of this plane."""
        grid = self._result(state)
        if grid is None:
            return None
        if self._drawn is None or self._drawn[0] is not grid:
            self._drawn = (grid, ImagesOnPlane(grid.mosaic, rect_of(grid.cell_grid)))
        return self._drawn[1]

    def told(self, state: StudioState) -> str:
        """What a conditional model decoded the plane as; "" for one that is told nothing."""
        if self._result(state) is None:
            return ""
        return shown_text(state, state.results[DecodedPlane.channel].request.condition)


def cells_of(view: QRectF, size: tuple[float, float], shape: ImageShape, chosen: int = 0) -> CellGrid | None:
    """The cells that cover a view, each of whole device pixels; None if the view has no size.

    Cells are counted from the origin of the plane, so that they stay where they are while the map is moved.

    size: width and height of the view in device pixels; shape: of the images
    chosen: images in the shorter direction, about; 0: as many as are legible
    """
    width, height = size
    if min(width, height) < 1 or view.width() <= 0 or view.height() <= 0:
        return None
    if chosen:
        side = max(min(width, height) / chosen, math.sqrt(width * height / _MOST_CHOSEN))
    else:
        side = max(min(width, height) / _ACROSS, math.sqrt(width * height / _MOST_CELLS), _LEAST_PIXELS)
    scale = side / max(shape.width, shape.height)
    scale = float(max(1, round(scale))) if scale > 1 / 2 else scale
    across, up = (
        _rounded(pixels * scale * length / whole)
        for pixels, length, whole in (
            (shape.width, view.width(), width),
            (shape.height, view.height(), height),
        )
    )
    first = (math.floor(view.left() / across), math.floor(view.top() / up))
    last = (math.ceil(view.right() / across), math.ceil(view.bottom() / up))
    scales = AxisScale("even", 0.0, 1.0), AxisScale("even", 0.0, 1.0)
    return CellGrid(scales, (across, up), first, (last[0] - first[0], last[1] - first[1]))


def rect_of(cells: CellGrid) -> tuple[float, float, float, float]:
    """Left, right, bottom and top edge of evenly spaced cells on the plane."""
    (across, up), (column, row), (columns, rows) = cells.step, cells.first, cells.count
    return column * across, (column + columns) * across, row * up, (row + rows) * up


def _rounded(length: float) -> float:
    return float(f"{length:.{_DIGITS}g}")


def _same_plane(grid: GridImage, shown: CodeMap) -> bool:
    """Whether the images were decoded on the plane that is shown: the same axes through the same code."""
    old, new = grid.plane, shown.plane
    if old is new:
        return True
    if not (old.linear and new.linear) or old.size != new.size:
        return False
    ends = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    base = np.zeros(new.size, np.float32)
    return np.array_equal(old.from_plane(ends, base), new.from_plane(ends, base))
