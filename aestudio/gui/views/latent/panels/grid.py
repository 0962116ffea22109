"""A grid of decoded images over the plane of the map: a window that can be moved and zoomed.

Where the map draws that plane itself, the panel has the controls of that layer instead (`PlaneOnMap`).
Longer than other files, because every movement of the window ends in the same requests and the same image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from aestudio.analysis.grid_cells import CellGrid, GridWindow, scales_of, ticks
from aestudio.gui.inference.requests.grid_request import PlaneGrid, PlaneGridNow
from aestudio.gui.state.capabilities import no_grid, no_map
from aestudio.gui.state.condition_state import shown_condition, shown_kind
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.grid.class_rows_page import ClassRowsPage
from aestudio.gui.views.latent.grid.drawn_plane import cross_on, drawn_plane, fits
from aestudio.gui.views.latent.grid.grid_controls import GridControls
from aestudio.gui.views.latent.grid.grid_geometry import (
    best_side,
    cell_at,
    centre_of,
    point_at,
    shift_to,
)
from aestudio.gui.views.latent.grid.plane_on_map import PlaneOnMap
from aestudio.gui.views.latent.grid.prior_plane import PriorPlanes
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import shown_text
from aestudio.gui.views.shared.empty_reason import no_meaning
from aestudio.gui.views.shared.visible_height import given_size, scroll_area_around
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.plane_view import Frame, PlaneView
from aestudio.recipes.requirements import has_standard_normal_prior

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from aestudio.analysis.grid_cells import Spacing
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.grid_request import GridImage
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.grid.drawn_plane import DrawnPlane
    from aestudio.gui.views.shared.empty_reason import Reason
    from aestudio.training.events import Snapshot

_TICK_PIXELS = 44  # at least, from one tick to the next


class GridPanel(Panel):
    """Dragging moves the window, a click enlarges an image, dragging with Shift decodes under the cursor."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.controls = GridControls()
        self.view = PlaneView()
        self.mark = ChannelMark(self.view, PlaneGrid.channel, of_point=True)
        self.rows = ClassRowsPage(session)
        self.on_map = PlaneOnMap(session, self.controls)
        self._window = GridWindow()
        self._last_base: tuple[CodeMap, int, tuple[float, ...]] | None = None
        self._map: CodeMap | None = None
        self._drawn: DrawnPlane | None = None
        self._cross: tuple[float, float] | None = None
        self._decoded_code: NDArray[np.float32] | None = None
        self._changed_at: Snapshot | None = None
        self._enlarged: tuple[tuple[int, int], NDArray[np.float32]] | None = None
        self._prior_planes = PriorPlanes()
        self._shown = Shown()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.view.setAccessibleName(self.tr("Grid of decoded images"))
        self.view.setToolTip(
            self.tr(
                "Click an image to enlarge it and go there; drag or arrow keys move the window.\n"
                "Wheel or + and − zoom, Home or double click shows all of it again.\n"
                "Drag with Shift held to decode under the cursor; Return enlarges the image under the cross."
            )
        )
        self.rows.hide()
        self._layout = column(self.controls, fill(self.view), fill(self.rows), fill(self.on_map), on=self)

    def _connect(self) -> None:
        view, controls = self.view, self.controls
        view.panned.connect(lambda right, up: self._go(self._window.panned(right, up, self._spacing)))
        view.zoomed.connect(self._zoom)
        view.reset_requested.connect(self._go_home)
        view.chosen.connect(self._choose)
        view.decoding.connect(self._walk)
        view.enlarge_requested.connect(self._enlarge_under_cross)
        view.stepped.connect(self._step)
        view.close_requested.connect(self._close)
        controls.walk_switched.connect(view.set_decoding)
        controls.zoomed.connect(lambda factor: self._zoom(factor, 0.5, 0.5))
        controls.homed.connect(self._go_home)
        controls.side_chosen.connect(self._side_chosen)
        controls.spacing_chosen.connect(self._go_home)
        controls.content_chosen.connect(self._content_chosen)
        controls.redrawn.connect(self.rows.draw_others)
        controls.redrawn.connect(self.refresh)

    def reason(self, state: StudioState) -> Reason | None:
        return no_meaning(no_grid(state.snapshot))

    def _side_chosen(self) -> None:
        if not self.on_map.take_side():
            self._user_changed()

    # ---- requests and display --------------------------------------------------------------------

    def _content_chosen(self) -> None:
        self._close()
        self.rows.random = self.controls.random_styles
        self.refresh()

    def requests(self, state: StudioState) -> list[Request]:
        """The grid on the plane of the current map, with the code's part outside the plane as it is.

        Or one row per class.
        """
        self.controls.offer_rows(shown_kind(state) == "labels")
        if self.controls.row_per_class:
            return [*self.rows.requests(state)]
        shown, code = self._map_of(state), state.exploration.decoded_code
        if shown is None or code is None or state.snapshot is None or self.on_map.has_plane(state):
            return []
        sizes = {shown.plane.size, len(code), state.snapshot.architecture.latent.size}
        if len(sizes) > 1:  # map or code belong to the previous model, and are about to be replaced
            return []
        plane, snapshot, about = shown.plane, state.snapshot, None
        if not no_map(snapshot):
            map_request = state.results["map"].request
            about = map_request.subject
            # During a training, map and grid show the same step.
            snapshot = map_request.snapshot if state.step_advances else snapshot
        base = self._base_of(state, shown, code)
        kind = PlaneGridNow if self._changed_at is state.snapshot else PlaneGrid
        cells = CellGrid.under(self._window, scales_of(plane, self._spacing), self._count)
        return [kind(snapshot, plane, base, cells, shown_condition(state), about)]

    def _map_of(self, state: StudioState) -> CodeMap | None:
        """The map whose plane is decoded; without codes of images, the plane of the prior."""
        if state.snapshot is None or not no_map(state.snapshot):
            return state.value("map")
        return self._prior_planes.of(state.snapshot, state.plane)

    def _base_of(self, state: StudioState, shown: CodeMap, code: NDArray[np.float32]) -> tuple[float, ...]:
        """The part of the code outside the plane; moving within the plane does not change it.

        While the code follows its image, it changes with each training step; the grid changes with the map.
        """
        follows = state.step_advances and not state.exploration.set_by_user
        last = self._last_base
        if follows and last is not None and last[0] is shown and last[1] == state.selected:
            return last[2]
        plane = shown.plane
        foot = plane.from_plane(np.zeros((1, 2)), code)[0] if plane.linear else np.zeros(plane.size)
        base = tuple(np.round(foot, 3).tolist())
        self._last_base = shown, state.selected, base
        return base

    @property
    def _count(self) -> int:
        """Images in each row and column of the window."""
        shape = shown_shape(self.session.state)
        return self.controls.chosen_side or best_side(self.view.largest_size(), shape)

    @property
    def _spacing(self) -> Spacing:
        return self.controls.spacing

    def show_state(self, state: StudioState) -> None:
        """Show the newest grid, its axes and the position of the code."""
        self.controls.offer_rows(shown_kind(state) == "labels")
        self._show_spacing(state)
        on_map = self.on_map.show_state(state, self._map_of(state) is not None)
        rows = self.controls.row_per_class
        for part, shown in ((self.rows, rows), (self.view, not (rows or on_map))):
            if part.isHidden() == shown:
                part.setVisible(shown)
        self._place_controls()
        if self.controls.row_per_class:
            self.rows.show_state(state)
            return
        self._map, self._decoded_code = self._map_of(state), state.exploration.decoded_code
        size = 0 if state.snapshot is None else state.snapshot.architecture.latent.size
        if on_map:
            self._close()
            self._shown.forget()
            self.controls.show_told("")
            self.mark.show_state(state, visible=False)
            return
        if size == 1:  # no plane to lay a grid over; the image of an older model would be wrong
            self._map = None
        if self._map is None:
            self._drawn = None
            one_dimension = self.tr("One dimension spans no plane. Move its slider, or use Interpolate.")
            problem = self._prior_planes.problem if no_map(state.snapshot) else ""
            waits = self.tr("The grid appears as soon as there is a map.")
            self.view.set_hint(one_dimension if size == 1 else problem or waits)
            self.view.set_image(None, Frame(0, 0, 1, 1))
            self.mark.show_state(state, visible=False)
            self._shown.forget()
            return
        self._drawn = self._show_image(state, self._map)
        self.mark.show_state(state, visible=self.view.image is not None)
        self._show_position(self._drawn)
        self._show_enlarged(state)

    def _show_spacing(self, state: StudioState) -> None:
        shown, snapshot = self._map_of(state), state.snapshot
        prior = snapshot is not None and has_standard_normal_prior(snapshot.architecture.latent)
        if self.controls.offer_quantiles(prior, shown is None or shown.plane.linear):
            self._window = GridWindow()

    def _show_image(self, state: StudioState, shown: CodeMap) -> DrawnPlane:
        result = state.results.get(PlaneGrid.channel)
        grid: GridImage | None = None if result is None else result.value
        told = "" if result is None or grid is None else shown_text(state, result.request.condition)
        self.controls.show_told(told)
        self._place_controls()
        if grid is None or not fits(grid, shown):
            self.view.set_hint(self.tr("The grid is being decoded ..."))
            self.view.set_image(None, Frame(0, 0, 1, 1))
            self._shown.forget()
        elif self._shown.differs(grid, state.ink_on_paper):
            left, bottom, width, height = grid.cell_grid.edges
            mosaic = as_shown(grid.mosaic, state.ink_on_paper)
            columns, rows = grid.cell_grid.count
            size = mosaic.shape[1] // rows, mosaic.shape[2] // columns
            self.view.set_image(mosaic, Frame(left, bottom, width, height), size)
        return drawn_plane(grid, shown, self._spacing)

    def _show_position(self, drawn: DrawnPlane) -> None:
        """Show the window, the ticks of its axes, and the cross at the code."""
        window, scales = self._window, drawn.scales
        self.view.set_window(Frame(window.left, window.bottom, window.width, window.width), self._count)
        most = [max(3, int(length / current_theme().px(_TICK_PIXELS))) for length in self._window_size()]
        axis_ticks = (
            ticks(scale, edge, window.width, count)
            for scale, edge, count in zip(scales, (window.left, window.bottom), most, strict=True)
        )
        self.view.set_axes(tuple(axis_ticks), drawn.plane.titles)  # type: ignore[arg-type]
        state, shown = self.session.state, self._map
        self._cross = cross_on(drawn, self._window, self._decoded_code, state, shown, self._cross)
        self.view.set_cross(self._cross)

    def _window_size(self) -> tuple[float, float]:
        """Width and height of the window on the screen, in logical pixels."""
        area = self.view.window_rect()
        return area.width(), area.height()

    # ---- moving the window --------------------------------------------------------------------------

    def _go(self, window: GridWindow) -> None:
        if window != self._window:
            self._window = window
            self._user_changed()

    def _zoom(self, factor: float, right: float, up: float) -> None:
        self._go(self._window.zoomed(factor, right, up, self._spacing))

    def _go_home(self) -> None:
        self._close()
        self._window = GridWindow()
        self._user_changed()

    def _user_changed(self) -> None:
        """Request the grid of the current snapshot at once: the user waits for it."""
        self._changed_at = self.session.state.snapshot
        self.refresh()

    # ---- moving the code ----------------------------------------------------------------------------

    def _drawn_of_code(self) -> DrawnPlane | None:
        """The plane on which the code can be moved; None if there is none, or no code of its length."""
        drawn, code = self._drawn, self._decoded_code
        return None if drawn is None or code is None or len(code) != drawn.plane.size else drawn

    def _move_to(self, drawn: DrawnPlane, xy: tuple[float, float]) -> None:
        assert self._decoded_code is not None
        code = drawn.plane.from_plane(np.array([xy]), self._decoded_code)[0]
        self.session.explore.move_decoded_code_to(code)

    def _walk(self, right: float, up: float) -> None:
        drawn = self._drawn_of_code()
        if drawn is None:
            return
        self._move_to(drawn, point_at(self._window, drawn.scales, right, up))
        self._decoded_code = self.session.state.exploration.decoded_code
        self._show_position(drawn)

    def _choose(self, right: float, up: float) -> None:
        """Enlarge the image at these shares of the window."""
        self._enlarge(cell_at(self._window, self._count, right, up))

    def _enlarge_under_cross(self) -> None:
        cross = self._cross
        if cross is not None and all(0 <= share <= 1 for share in cross):
            self._choose(*cross)
        else:
            self._choose(0.5, 0.5)

    def _step(self, right: int, up: int) -> None:
        """Enlarge the neighbour of the enlarged image; the window moves if it lies outside."""
        if self._enlarged is None:
            return
        (across, upward), _ = self._enlarged
        self._enlarge((across + right, upward + up))

    def _enlarge(self, cell: tuple[int, int]) -> None:
        drawn = self._drawn_of_code()
        if drawn is None:
            return
        window, side = self._window, self._count
        if self._spacing == "normal" and not all(0 < share < 1 for share in centre_of(window, side, cell)):
            return
        shift = shift_to(window, side, cell)
        self._move_to(drawn, CellGrid.under(window, drawn.scales, side).centre(*cell))
        decoded_code = self.session.state.exploration.decoded_code
        assert decoded_code is not None
        self._enlarged = (cell, decoded_code)
        if any(shift):
            self._go(window.panned(*shift, self._spacing))
        else:
            self.show_state(self.session.state)

    def _show_enlarged(self, state: StudioState) -> None:
        """Show the enlarged image as long as the code is the one that the click moved to."""
        if self._enlarged is None:
            return
        if state.exploration.decoded_code is not self._enlarged[1] or state.exploration.image is None:
            self._close()
            return
        assert self._drawn is not None
        names = (title.split(" · ")[0] for title in self._drawn.plane.titles)
        xy = self._drawn.plane.to_plane(self._enlarged[1][None])[0]
        caption = ",   ".join(f"{name} = {value:.2f}" for name, value in zip(names, xy, strict=True))
        told = shown_text(state, state.exploration.condition)
        caption = f"{caption},   {told}" if told else caption
        self.view.set_enlarged(as_shown(state.exploration.image, state.ink_on_paper), caption)

    def _close(self) -> None:
        self._enlarged = None
        self.view.set_enlarged(None)

    def leave(self) -> None:
        self._close()

    def _place_controls(self) -> None:
        """Above the grid or beside it. The panel's own size depends on that, so another size decides."""
        beside, directions = self.controls.arrange(given_size(self)), QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the size of the scroll area, too: what does not fit into it is not resized with it."""
        area = scroll_area_around(self)
        if area is not None:
            area.installEventFilter(self)  # again has no effect
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place_controls()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_controls()
        super().resizeEvent(event)
        if self.isVisible():
            self.refresh()
