"""A grid of decoded digits over the plane of the map, as one picture; dragging decodes in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.data.digits import SIDE
from aestudio.gui.latent.panel import Panel
from aestudio.gui.questions.grid import PlaneGrid
from aestudio.gui.questions.pace import Pace
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.widgets.digit_view import DigitView

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.questions.mapping import CodeMap
    from aestudio.gui.session.session import Session
    from aestudio.gui.session.state import StudioState

_FEWEST, _MOST = 5, 20
SECONDS_PER_GRID = 1.0


def best_side(room: int) -> int:
    """Digits per row that fill a square of `room` pixels best with whole-pixel tiles."""
    sides = range(_FEWEST, _MOST + 1)
    return max(sides, key=lambda side: (room // (side * SIDE) * side * SIDE, side))


class GridPanel(Panel):
    """Dragging over the grid decodes in between."""

    name: ClassVar[str] = "grid"
    order: ClassVar[int] = 10

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.mosaic = DigitView(smallest=SIDE * _FEWEST)
        self.mosaic.set_hint(self.tr("The grid appears as soon as there is a map."))
        self.mosaic.set_draggable(True)
        self.mosaic.setToolTip(
            self.tr("Decoded digits over the plane of the map. Drag to decode under the cursor.")
        )
        self.mosaic.dragged.connect(self._dragged)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.mosaic)
        self._pace = Pace(SECONDS_PER_GRID)
        self._map: CodeMap | None = None
        self._code: NDArray[np.float32] | None = None
        self._shown: NDArray[np.uint8] | None = None
        self._on_paper = False

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Grid")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Decoded digits over the plane of the map")

    def questions(self, state: StudioState) -> list[PlaneGrid]:
        """The grid for the map at hand and the numbers that the plane does not move."""
        found, code = state.value("map"), state.exploration.heard
        if found is None or code is None or state.snapshot is None:
            return []
        sizes = {found.plane.size, len(code), state.snapshot.recipe.network.latent_size}
        if len(sizes) > 1:  # map and code are of another model, and about to be replaced
            return []
        ratio = self.devicePixelRatioF()
        side = best_side(int(min(self.width(), self.height()) * ratio))
        # Moving within the plane changes nothing: the base is the code's foot outside of it.
        base = found.plane.from_plane(np.zeros((1, 2)), code)[0]
        snapshot = self._pace.snapshot(state, PlaneGrid.channel) or state.snapshot
        return [PlaneGrid(snapshot, found.plane, tuple(np.round(base, 3).tolist()), side)]

    def _dragged(self, x: float, y: float) -> None:
        if self._map is None or self._code is None or self._map.plane.size != len(self._code):
            return
        (left, right), (low, high) = self._map.plane.limits
        point = np.array([[left + x * (right - left), high - y * (high - low)]])
        self.session.explore.move_heard_to(self._map.plane.from_plane(point, self._code)[0])

    def show_state(self, state: StudioState) -> None:
        """Show the newest grid."""
        self._map, self._code = state.value("map"), state.exploration.heard
        size = 0 if state.snapshot is None else state.snapshot.recipe.network.latent_size
        if size == 1:  # no plane to lay a grid over; the picture of an older model would be wrong
            self._shown = self._map = None
            self.mosaic.set_digit(None)
            self.mosaic.set_hint(self.tr("One number spans no plane. Move its slider, or see the morph."))
            return
        mosaic = state.value("grid")
        if mosaic is not None and (mosaic is not self._shown or state.ink_on_paper != self._on_paper):
            self._shown, self._on_paper = mosaic, state.ink_on_paper
            self.mosaic.set_digit(as_shown(mosaic, state.ink_on_paper))
