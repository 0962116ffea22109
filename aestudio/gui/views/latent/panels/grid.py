"""A grid of decoded digits over the plane of the map: a window that is moved, zoomed and filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QBoxLayout, QComboBox, QWidget

from aestudio.analysis.grid_cells import CellGrid, GridWindow, scales_of, ticks
from aestudio.datasets.dataset import SIDE
from aestudio.gui.inference.requests.grid_request import PlaneGrid, PlaneGridNow
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.plane_view import Frame, PlaneView
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent

    from aestudio.analysis.grid_cells import AxisScale, Spacing
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.requests.grid_request import GridImage
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot

SIDES = (10, 20, 30, 40)
_FEWEST, _MOST = 5, 20
_WIDE = 1.15
_TICK_PIXELS = 44


def best_side(room: int) -> int:
    """Digits per row that fill a square of `room` pixels best with whole-pixel tiles."""
    sides = range(_FEWEST, _MOST + 1)
    return max(sides, key=lambda side: (room // (side * SIDE) * side * SIDE, side))


class GridPanel(Panel):
    """Drag moves the window, a click enlarges a digit, dragging with Shift decodes in between."""

    name: ClassVar[str] = "grid"
    order: ClassVar[int] = 10

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.view = PlaneView()
        self.mark = StepMark(self.view)
        self._window = GridWindow()
        self._based: tuple[CodeMap, int, tuple[float, ...]] | None = None
        self._map: CodeMap | None = None
        self._decoded_code: NDArray[np.float32] | None = None
        self._moved_by_hand: Snapshot | None = None
        self._enlarged: tuple[tuple[int, int], NDArray[np.float32]] | None = None
        self._shown = Shown()
        self._make_controls()
        self._connect()

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Grid")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate("GridPanel", "Decoded digits over the plane of the map")

    def _make_controls(self) -> None:
        theme = current_theme()
        self.view.setAccessibleName(self.tr("Grid of decoded digits"))
        self.view.setToolTip(
            self.tr(
                "Click a digit to enlarge it and go there; drag or arrow keys move the window.\n"
                "Wheel or + and − zoom, Home or double click shows all of it again.\n"
                "Drag with Shift held to decode under the cursor; Return enlarges the digit under the cross."
            )
        )
        self.side = QComboBox()
        self.side.addItems([self.tr("Auto"), *(self.tr("{} × {}").format(side, side) for side in SIDES)])
        self.side.setToolTip(self.tr("Digits in each row and column; Auto takes as many as stay crisp"))
        self.side.setAccessibleName(self.tr("Digits in each row"))
        self.spacing = QComboBox()
        self.spacing.addItems([self.tr("Evenly"), self.tr("Quantiles")])
        self.spacing.setAccessibleName(self.tr("Spacing"))
        self.walk = IconButton("search", self.tr("Decode under the cursor while dragging, as Shift does"))
        self.walk.setCheckable(True)
        self.closer = IconButton("plus", self.tr("Zoom in (+)"))
        self.farther = IconButton("minus", self.tr("Zoom out (−)"))
        self.home = IconButton("reset", self.tr("Show the whole grid again (Home)"))
        self._controls = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._controls.setSpacing(theme.px(4))
        for control in (self.side, self.spacing, self.walk, self.farther, self.closer, self.home):
            self._controls.addWidget(control)
        self._controls.addStretch(1)
        self._around = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.setSpacing(theme.px(8))
        self._around.addLayout(self._controls)
        self._around.addWidget(self.view, 1)

    def _connect(self) -> None:
        view = self.view
        view.panned.connect(lambda right, up: self._go(self._window.panned(right, up, self._spacing)))
        view.zoomed.connect(self._zoom)
        view.homed.connect(self._go_home)
        view.chosen.connect(self._choose)
        view.walked.connect(self._walk)
        view.entered.connect(self._enlarge_under_cross)
        view.stepped.connect(self._step)
        view.left.connect(self._close)
        self.walk.toggled.connect(view.set_walking)
        self.closer.clicked.connect(lambda: self._zoom(0.8, 0.5, 0.5))
        self.farther.clicked.connect(lambda: self._zoom(1.25, 0.5, 0.5))
        self.home.clicked.connect(self._go_home)
        self.side.activated.connect(self._changed_by_hand)
        self.spacing.activated.connect(self._go_home)

    # ---- requests and display --------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[PlaneGrid]:
        """The grid for the current map and the numbers that the plane does not move."""
        found, code = state.value("map"), state.exploration.decoded_code
        if found is None or code is None or state.snapshot is None:
            return []
        sizes = {found.plane.size, len(code), state.snapshot.recipe.network.latent_size}
        if len(sizes) > 1:  # map and code are of another model, and about to be replaced
            return []
        plane, mapped = found.plane, state.results["map"].request
        # While steps follow one another, map and grid are of one of them.
        snapshot = mapped.snapshot if state.step_advances else state.snapshot
        base = self._base_of(state, found, code)
        kind = PlaneGridNow if self._moved_by_hand is state.snapshot else PlaneGrid
        lattice = CellGrid.under(self._window, self._scales(found), self._count)
        return [kind(snapshot, plane, base, lattice, mapped.subject)]

    def _base_of(self, state: StudioState, found: CodeMap, code: NDArray[np.float32]) -> tuple[float, ...]:
        """The part of the code outside the plane; moving within the plane does not change it.

        A code that follows its digit drifts with each step; the grid goes along when the map does.
        """
        drifts = state.step_advances and not state.exploration.set_by_user
        known = self._based
        if drifts and known is not None and known[0] is found and known[1] == state.selected:
            return known[2]
        plane = found.plane
        foot = plane.from_plane(np.zeros((1, 2)), code)[0] if plane.linear else np.zeros(plane.size)
        base = tuple(np.round(foot, 3).tolist())
        self._based = found, state.selected, base
        return base

    @property
    def _count(self) -> int:
        """Digits in each row of the window."""
        chosen = self.side.currentIndex()
        return SIDES[chosen - 1] if chosen else best_side(self.view.room())

    @property
    def _spacing(self) -> Spacing:
        return "normal" if self.spacing.currentIndex() == 1 else "even"

    def _scales(self, found: CodeMap) -> tuple[AxisScale, AxisScale]:
        return scales_of(found.plane, self._spacing)

    def show_state(self, state: StudioState) -> None:
        """Show the newest grid, its axes and where the code is."""
        self._map, self._decoded_code = state.value("map"), state.exploration.decoded_code
        size = 0 if state.snapshot is None else state.snapshot.recipe.network.latent_size
        self._show_spacing(state)
        if size == 1:  # no plane to lay a grid over; the image of an older model would be wrong
            self._map = None
        if self._map is None:
            one = self.tr("One dimension spans no plane. Move its slider, or use Interpolate.")
            waits = self.tr("The grid appears as soon as there is a map.")
            self.view.set_hint(one if size == 1 else waits)
            self.view.set_image(None, Frame(0, 0, 1, 1))
            self.mark.show_step(None, None, follows=False)
            self._shown.forget()
            return
        self._show_image(state)
        step = None if self.view.picture is None else state.step_of(PlaneGrid.channel)
        self.mark.show_step(
            step, None if state.snapshot is None else state.snapshot.step, state.step_advances
        )
        self._show_place(self._map)
        self._show_enlarged(state)

    def _show_spacing(self, state: StudioState) -> None:
        """Quantiles are those of the prior: only where there is one, and along straight axes."""
        found = state.value("map")
        prior = state.snapshot is not None and state.snapshot.recipe.objective.code == "gaussian"
        straight = found is None or found.plane.linear
        self.spacing.setEnabled(prior and straight)
        if not (prior and straight) and self.spacing.currentIndex():
            self.spacing.setCurrentIndex(0)
            self._window = GridWindow()
        if prior and straight:
            tip = self.tr("Codes at equal distances, or at equal steps of the prior's probability")
        elif straight:
            tip = self.tr("This recipe has no prior to take quantiles of: codes at equal distances")
        else:
            tip = self.tr("A t-SNE or UMAP map has no straight axes to take quantiles along")
        self.spacing.setToolTip(tip)

    def _show_image(self, state: StudioState) -> None:
        picture: GridImage | None = state.value(PlaneGrid.channel)
        if picture is None or self._map is None or picture.plane.titles != self._map.plane.titles:
            self.view.set_hint(self.tr("The grid is being decoded ..."))
            self.view.set_image(None, Frame(0, 0, 1, 1))
            self._shown.forget()
        elif self._shown.differs(picture, state.ink_on_paper):
            left, bottom, width, height = picture.cell_grid.edges
            shown = as_shown(picture.mosaic, state.ink_on_paper)
            self.view.set_image(shown, Frame(left, bottom, width, height))

    def _show_place(self, found: CodeMap) -> None:
        """Window, axes and cross."""
        window, scales = self._window, self._scales(found)
        self.view.set_window(Frame(window.left, window.bottom, window.width, window.width), self._count)
        most = max(3, int(self.view.square().width() / current_theme().px(_TICK_PIXELS)))
        along = (
            ticks(scale, edge, window.width, most)
            for scale, edge in zip(scales, (window.left, window.bottom), strict=True)
        )
        self.view.set_axes(tuple(along), found.plane.titles)  # type: ignore[arg-type]
        self.view.set_cross(self._cross(found, scales))

    def _cross(self, found: CodeMap, scales: tuple[AxisScale, AxisScale]) -> tuple[float, float] | None:
        if self._decoded_code is None or len(self._decoded_code) != found.plane.size:
            return None
        window, xy = self._window, found.plane.to_plane(self._decoded_code[None])[0]
        right, up = (
            (scale.share(float(value)) - edge) / window.width
            for scale, value, edge in zip(scales, xy, (window.left, window.bottom), strict=True)
        )
        return right, up

    # ---- moving the window --------------------------------------------------------------------------

    def _go(self, window: GridWindow) -> None:
        if window != self._window:
            self._window = window
            self._changed_by_hand()

    def _zoom(self, factor: float, right: float, up: float) -> None:
        self._go(self._window.zoomed(factor, right, up, self._spacing))

    def _go_home(self) -> None:
        self._close()
        self._window = GridWindow()
        self._changed_by_hand()

    def _changed_by_hand(self) -> None:
        """The user is waiting for the grid of this snapshot."""
        self._moved_by_hand = self.session.state.snapshot
        self.ask_again()

    # ---- moving the code ----------------------------------------------------------------------------

    def _xy(self, right: float, up: float) -> tuple[float, float] | None:
        """The point of the plane at these shares of the window."""
        if self._map is None or self._decoded_code is None or len(self._decoded_code) != self._map.plane.size:
            return None
        window, (across, upward) = self._window, self._scales(self._map)
        return (
            across.value_at(window.left + right * window.width),
            upward.value_at(window.bottom + up * window.width),
        )

    def _move_to(self, xy: tuple[float, float]) -> None:
        assert self._map is not None
        assert self._decoded_code is not None
        code = self._map.plane.from_plane(np.array([xy]), self._decoded_code)[0]
        self.session.explore.move_decoded_code_to(code)

    def _walk(self, right: float, up: float) -> None:
        xy = self._xy(right, up)
        if xy is not None:
            self._move_to(xy)
            self._decoded_code = self.session.state.exploration.decoded_code
            assert self._map is not None
            self._show_place(self._map)

    def _choose(self, right: float, up: float) -> None:
        """Enlarge the digit at these shares of the window."""
        share = self._window.width / self._count
        column = np.floor((self._window.left + right * self._window.width) / share + 1e-9)
        row = np.floor((self._window.bottom + up * self._window.width) / share + 1e-9)
        self._enlarge((int(column), int(row)))

    def _enlarge_under_cross(self) -> None:
        cross = None if self._map is None else self._cross(self._map, self._scales(self._map))
        if cross is not None and all(0 <= share <= 1 for share in cross):
            self._choose(*cross)
        else:
            self._choose(0.5, 0.5)

    def _step(self, right: int, up: int) -> None:
        """From the enlarged digit to the one beside it; the window follows where it ends."""
        if self._enlarged is None:
            return
        (column, row), _ = self._enlarged
        self._enlarge((column + right, row + up))

    def _enlarge(self, cell: tuple[int, int]) -> None:
        if self._map is None or self._decoded_code is None or len(self._decoded_code) != self._map.plane.size:
            return
        window, scales = self._window, self._scales(self._map)
        lattice = CellGrid.under(window, scales, self._count)
        share = window.width / self._count
        middle = [(number + 0.5) * share for number in cell]
        if self._spacing == "normal" and not all(0 < place < 1 for place in middle):
            return
        beyond = [
            min(0.0, place - edge - share / 2) + max(0.0, place + share / 2 - edge - window.width)
            for place, edge in zip(middle, (window.left, window.bottom), strict=True)
        ]
        self._move_to(lattice.centre(*cell))
        decoded_code = self.session.state.exploration.decoded_code
        assert decoded_code is not None
        self._enlarged = (cell, decoded_code)
        if any(abs(far) > 1e-9 for far in beyond):
            self._go(window.panned(beyond[0] / window.width, beyond[1] / window.width, self._spacing))
        else:
            self.show_state(self.session.state)

    def _show_enlarged(self, state: StudioState) -> None:
        """The large digit, as long as the code is where the click moved it."""
        if self._enlarged is None:
            return
        if state.exploration.decoded_code is not self._enlarged[1] or state.exploration.image is None:
            self._close()
            return
        assert self._map is not None
        names = (title.split(" · ")[0] for title in self._map.plane.titles)
        xy = self._map.plane.to_plane(self._enlarged[1][None])[0]
        caption = ",   ".join(f"{name} = {value:.2f}" for name, value in zip(names, xy, strict=True))
        self.view.set_enlarged(as_shown(state.exploration.image, state.ink_on_paper), caption)

    def _close(self) -> None:
        self._enlarged = None
        self.view.set_enlarged(None)

    def leave(self) -> None:
        self._close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Controls above the grid, or beside it if the height is small."""
        beside = event.size().width() > _WIDE * event.size().height()
        ways = QBoxLayout.Direction
        self._around.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._controls.setDirection(ways.TopToBottom if beside else ways.LeftToRight)
        super().resizeEvent(event)
        if self.isVisible():
            self.ask_again()
