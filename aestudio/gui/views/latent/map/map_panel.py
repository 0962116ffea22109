"""The map of the encoded images: choose what it shows, hover, click, drag the cursor, draw a lasso."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.state.capabilities import is_discrete, no_map
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import set_role
from aestudio.gui.views.latent.map.map_content import (
    MAP_CHANNELS,
    images_of,
    rings_sentence,
    shown_channels,
    tagged_points,
    values_of,
)
from aestudio.gui.views.latent.map.map_details import MapDetails
from aestudio.gui.views.latent.map.map_planes import MapPlanes, no_plane
from aestudio.gui.views.latent.map.map_toolbar import MIN_DIMENSIONS, MapToolbar
from aestudio.gui.views.latent.map.own_point import depth_of_code, ellipse_on_map, position_of_code
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.widgets.layouts import column, fill
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.plots.class_map import ClassMap
    from aestudio.gui.plots.map_layers import FieldImage, ImagesOnPlane, Trail
    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.state.studio_state import StudioState


class MapPanel(QWidget):
    """The toolbar, the plot, and a note below it. `planes`: which map is shown, for its layers.

    code_moved(float32 (L,)): the cursor was dragged to this code
    image_hovered(number), image_chosen(number): the point under the mouse (-1: none), the clicked point
    plane_chosen(PlaneChoice), map_chosen(MapChoice): the new choices of the toolbar
    selected(int64 (N,)): numbers of the images within the lasso; export_requested(Path): save the selection

    describe: set by the view: what it offers of the image of this number
    """

    describe: Callable[[int], Offer] | None = None

    code_moved = Signal(object)
    image_hovered = Signal(int)
    image_chosen = Signal(int)
    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    selected = Signal(object)
    export_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: ClassMap | None = None
        self._details: MapDetails | None = None
        self._mark: ChannelMark | None = None
        self._empty = PlainLabel(self.tr("The map appears as soon as images are encoded."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "muted")
        self.tools = MapToolbar()
        self.tools.plane_chosen.connect(self.plane_chosen)
        self.tools.map_chosen.connect(self.map_chosen)
        self.tools.selection.cleared.connect(lambda: self.selected.emit(np.empty(0, np.int64)))
        self.tools.selection.export_requested.connect(self.export_requested)
        self.planes = MapPlanes()
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        set_role(self._note, "caption")
        self._note.hide()
        self._column = column(self.tools, fill(self._empty), self._note, gap=4, on=self)
        self._shown: CodeMap | None = None
        self._points_shown, self._images_shown, self._plane_shown = Shown(), Shown(), Shown()
        self._ellipse_shown, self._field_shown, self._rings_shown = Shown(), Shown(), Shown()
        self._rings_note = ""
        self._overlay_note, self._decoded_note, self._no_plane = "", "", ""
        self._has_path = False
        self._decoded_code: NDArray[np.float32] | None = None

    @property
    def map(self) -> ClassMap:
        """The plot, created when the first map is drawn: it imports pyqtgraph."""
        if self._map is None:
            from aestudio.gui.plots.class_map import ClassMap

            self._map = plot = ClassMap()
            plot.set_square(True)
            plot.describe = self._describe
            self._details = MapDetails(plot)
            self._mark = ChannelMark(plot.plot, *MAP_CHANNELS)
            plot.cursor_moved.connect(self._cursor_moved)
            plot.point_hovered.connect(self._hovered)
            plot.point_selected.connect(self._chosen)
            plot.lasso_drawn.connect(self.selected)
            plot.lasso_switched.connect(self.tools.lasso.setChecked)
            self.tools.lasso_switched.connect(plot.set_lasso)
            self.tools.fit_requested.connect(plot.fit)
            turner = plot.space.turner
            self.tools.play_switched.connect(lambda: turner.play(not turner.playing))
            turner.playing_changed.connect(self.tools.show_playing)
            plot.set_lasso(self.tools.lasso.isChecked())
            plot.set_empty_text(self._empty.text())
            self._column.replaceWidget(self._empty, plot)
            self._column.setStretchFactor(plot, 1)
            self._empty.hide()
        return self._map

    @property
    def mark(self) -> ChannelMark | None:
        """The mark that says that the map is of an earlier step; None before the first map."""
        return self._mark

    @property
    def details(self) -> MapDetails:
        """The widgets over the plot."""
        assert self.map is not None
        assert self._details is not None
        return self._details

    def show_tools(self, shown: bool) -> None:
        """Show the row of tools above the plot, or leave its height to the plot and what is below it."""
        self.tools.setVisible(shown)

    # ---- layers -----------------------------------------------------------------------------------

    def set_path(self, xy: Points | None) -> None:
        """Draw a line, as of an interpolation, through points float32 (M, 2) of the map; None removes it."""
        self._has_path = xy is not None
        if self._map is not None or xy is not None:
            self.map.set_path(xy)

    def set_trails(self, trails: tuple[Trail, ...]) -> None:
        """Draw the trails of single points over the map."""
        if self._map is not None or trails:
            self.map.set_trails(trails)

    def set_field(self, field: FieldImage | None) -> None:
        """Draw a field under the points; None removes it."""
        if (self._map is not None or field is not None) and self._field_shown.differs(field):
            self.map.set_field(field)

    def set_decoded(self, images: ImagesOnPlane | None, told: str) -> None:
        """Draw decoded images under the points; None removes them.

        told: what a conditional model decoded them as, "" for nothing
        """
        if self._map is not None or images is not None:
            self.map.set_decoded(images)
        self._decoded_note = self.tr("Images under the points: decoded {}.").format(told) if told else ""
        self._show_note()

    def set_note(self, text: str) -> None:
        """Show a sentence below the map that says why an overlay is not possible; "" for none."""
        self._overlay_note = text
        self._show_note()

    def _show_note(self) -> None:
        caution = self._no_plane
        if self._shown is not None and not self._shown.plane.linear:
            caution = self.tr("Cluster distances and sizes mean little (Wattenberg et al. 2016).")
        notes = (caution, self._overlay_note, self._decoded_note, self._rings_note)
        text = " ".join(note for note in dict.fromkeys(notes) if note)
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _set_empty_text(self, text: str) -> None:
        """Set the text that replaces the map while it is empty; "" if it is not."""
        self._empty.setText(text)
        if self._map is not None:
            self._map.set_empty_text(text)

    # ---- input ------------------------------------------------------------------------

    def _cursor_moved(self, x: float, y: float) -> None:
        if self._shown is None or self._decoded_code is None:
            return
        if self._shown.plane.size == len(self._decoded_code):
            self.code_moved.emit(self._shown.plane.from_plane(np.array([[x, y]]), self._decoded_code)[0])

    def _hovered(self, index: int) -> None:
        if self._shown is not None and not self._shown.shipped:
            self.details.hover(index)
            self.image_hovered.emit(index)

    def _describe(self, index: int) -> Offer:
        """What the view says of the image of a point; nothing of the codes that a shipped model brings."""
        known = self._shown is not None and not self._shown.shipped and self.describe is not None
        return self.describe(index) if known and self.describe is not None else Offer()

    def _chosen(self, index: int) -> None:
        if self._shown is not None and not self._shown.shipped:
            self.image_chosen.emit(index)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest map and the cursor."""
        self.tools.show_state(state)
        # Between the entries of a discrete code there is nothing to move to.
        self._decoded_code = None if is_discrete(state.snapshot) else state.exploration.decoded_code
        flat = state.snapshot is not None and state.snapshot.architecture.latent.size < MIN_DIMENSIONS
        shown = None if flat else self.planes.of(state)
        if flat:
            self._show_empty(self.tr("A map needs two dimensions; this code has only one."))
        elif shown is None:
            self._show_empty(self._missing_text(state))
        else:
            self._show_points(shown, state)
        if self._map is None or self._mark is None:
            return
        self._map.space.turner.set_slow(state.is_training)
        self._show_selection(state)
        self.show_step(state)
        position = None if self._shown is None else position_of_code(state, self._shown)
        if self._shown is not None:  # also without a code: the ellipse is that of the run before
            self._show_ellipse(state, self._shown)
            self.details.show_state(state, self._shown)
        if self._shown is None or position is None:
            self._map.hide_cursor()
        else:
            self._map.set_cursor(*position, depth_of_code(state, self._shown))

    def show_step(self, state: StudioState) -> None:
        """Say of which step the map is, with the path over it."""
        if self._mark is not None:
            channels = shown_channels(state, self._has_path)
            self._mark.show_state(state, *channels, visible=self._shown is not None)

    def _show_selection(self, state: StudioState) -> None:
        chosen = None if self._shown is None else state.workspace.selection
        exportable = self._shown is not None and not self._shown.shipped
        self.tools.show_selection(0 if chosen is None else len(chosen), exportable)

    def _missing_text(self, state: StudioState) -> str:
        """Why there is no map yet."""
        if no_map(state.snapshot):
            return no_map(state.snapshot)
        return (
            state.problem("map") or misfit(state) or self.tr("The map appears as soon as images are encoded.")
        )

    def _show_points(self, shown: CodeMap, state: StudioState) -> None:
        values = values_of(state, shown)
        if self._points_shown.differs(shown, values):
            self._shown = shown
            self._set_empty_text("")
            named = self.details.named_values(values, len(shown.xy))
            self._frame_plane(shown, state)
            flowing = not shown.plane.linear
            self.map.set_points(
                shown.xy, shown.labels, shown.class_names, named, depth=shown.depth, flowing=flowing
            )
            self._no_plane = "" if shown.depth is None else no_plane(state)
            self._show_note()
            third = "" if shown.third is None else shown.third.title
            self.map.set_axis_titles(*shown.plane.titles, third)
        if self._images_shown.differs(shown.shipped, state.ink_on_paper, *state.image_sets):
            self.map.set_images(None if shown.shipped else images_of(state))
            self.map.set_read_out(shown.shipped)  # without images no card shows the values
        self.map.set_selection(state.workspace.selection)
        self.map.set_point_style(state.map_choice.points)
        self._show_rings(state, 0 if shown.shipped else len(shown.xy))

    def _show_rings(self, state: StudioState, count: int) -> None:
        """Ring the points of tagged images, if that is chosen, and say what the rings mean."""
        chosen = state.map_choice.rings
        if self._rings_shown.differs(state.workspace.tags, state.dataset, count, chosen):
            points = tagged_points(state, count)
            points = points if chosen else replace(points, rings=(), names=())  # its table has them still
            self.map.plot.rings.set_points(points)
            self._rings_note = rings_sentence(points)
            self._show_note()

    def _frame_plane(self, shown: CodeMap, state: StudioState) -> None:
        """Show all of another plane; one of a prior has no points, and is as large as its limits."""
        if len(shown.xy):
            request = state.results["map"].request
            key, frame = (request.snapshot.run_key, request.choice), None
        else:
            key = (None if state.snapshot is None else state.snapshot.run_key, state.plane)
            frame = np.asarray(shown.plane.limits, np.float32).T
        self.map.plot.set_frame(frame)
        if self._plane_shown.differs(*key):
            self.map.reset_frame()

    def _show_ellipse(self, state: StudioState, shown: CodeMap) -> None:
        """Show the covariance of the hovered image, else of the selected one."""
        inspected = state.value("hovered") if state.hovered >= 0 else None
        inspected = inspected or state.value("inspect")
        if self._ellipse_shown.differs(inspected, shown):
            self.map.set_ellipse(*ellipse_on_map(state, shown))

    def _show_empty(self, why: str) -> None:
        self._set_empty_text(why)
        if self._shown is not None:
            self.details.clear()
            self._shown = None
            self._rings_note = ""
            self._rings_shown.forget()
            self._show_note()
            self._points_shown.forget()
            self.map.set_points(np.empty((0, 2), np.float32), None, ())
            self.map.set_axis_titles("", "")
            self.map.set_ellipse(None, None)
            self._ellipse_shown.forget()
