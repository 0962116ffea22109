"""The map of the encoded images: choose what it shows, hover, click, drag the cursor, draw a lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.map.embedding_bar import EmbeddingBar
from aestudio.gui.views.latent.map.map_content import ellipse_of, images_of, values_of
from aestudio.gui.views.latent.map.map_details import MapDetails
from aestudio.gui.views.latent.map.map_toolbar import LEAST_NUMBERS, MapToolbar
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.plots.class_map import ClassMap
    from aestudio.gui.plots.map_layers import FieldImage, Trail
    from aestudio.gui.plots.point_cloud import Points
    from aestudio.gui.state.studio_state import StudioState


class MapPanel(QWidget):
    """`code_moved(float32 (latent,))` while the cursor is dragged; digits by their numbers otherwise.

    plane_chosen(PlaneChoice), map_chosen(MapChoice): what the tools were set to
    selected(int64 (n,)): what the lasso caught; export_wanted(Path): save what is selected
    """

    code_moved = Signal(object)
    digit_hovered = Signal(int)
    digit_chosen = Signal(int)
    plane_chosen = Signal(object)
    map_chosen = Signal(object)
    selected = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: ClassMap | None = None
        self._details: MapDetails | None = None
        self._mark: StepMark | None = None
        self._empty = PlainLabel(self.tr("The map appears as soon as images are encoded."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "muted")
        self.tools = MapToolbar()
        self.tools.plane_chosen.connect(self.plane_chosen)
        self.tools.map_chosen.connect(self.map_chosen)
        self.embedding_bar = EmbeddingBar()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(8))
        column.addWidget(self.tools)
        column.addWidget(self.embedding_bar)
        column.addWidget(self._empty, 1)
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        set_role(self._note, "caption")
        self._note.hide()
        column.addWidget(self._note)
        self._shown: CodeMap | None = None
        self._points_shown, self._images_shown, self._plane_shown = Shown(), Shown(), Shown()
        self._ellipse_shown, self._field_shown = Shown(), Shown()
        self._code: NDArray[np.float32] | None = None

    @property
    def map(self) -> ClassMap:
        """The plot, made when there is first something to draw: pyqtgraph is imported with it."""
        if self._map is None:
            from aestudio.gui.plots.class_map import ClassMap

            self._map = made = ClassMap()
            self._details = MapDetails(made)
            self._mark = StepMark(made.plot)
            self._details.export_wanted.connect(self.export_wanted)
            made.cursor_moved.connect(self._cursor_moved)
            made.point_hovered.connect(self._hovered)
            made.point_selected.connect(self._chosen)
            made.lasso_drawn.connect(self.selected)
            made.lasso_switched.connect(self.tools.lasso.setChecked)
            self.tools.lasso_switched.connect(made.set_lasso)
            self.tools.fit_wanted.connect(made.fit)
            made.set_lasso(self.tools.lasso.isChecked())
            made.set_empty_text(self._empty.text())
            self._column.replaceWidget(self._empty, made)
            self._column.setStretchFactor(made, 1)
            self._empty.hide()
        return self._map

    @property
    def mark(self) -> StepMark | None:
        """What says that the map is of an earlier step; None before there was a map."""
        return self._mark

    @property
    def details(self) -> MapDetails:
        """What floats over the plot."""
        assert self.map is not None
        assert self._details is not None
        return self._details

    # ---- layers -----------------------------------------------------------------------------------

    def set_path(self, xy: Points | None) -> None:
        """A line through (M, 2) over the map, as an interpolation; None removes it."""
        if self._map is not None or xy is not None:
            self.map.set_path(xy)

    def set_trails(self, trails: tuple[Trail, ...]) -> None:
        """The trails of single points over the map."""
        if self._map is not None or trails:
            self.map.set_trails(trails)

    def set_field(self, field: FieldImage | None) -> None:
        """A field under the points; None removes it."""
        if (self._map is not None or field is not None) and self._field_shown.differs(field):
            self.map.set_field(field)

    def set_note(self, text: str) -> None:
        """A sentence below the map, where something that was asked for cannot be shown; "" for none."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _say(self, text: str) -> None:
        """Text to show while there is no map; "" if there is one."""
        self._empty.setText(text)
        if self._map is not None:
            self._map.set_empty_text(text)

    # ---- input ------------------------------------------------------------------------

    def _cursor_moved(self, x: float, y: float) -> None:
        if self._shown is None or self._code is None:
            return
        if self._shown.plane.size == len(self._code):
            self.code_moved.emit(self._shown.plane.from_plane(np.array([[x, y]]), self._code)[0])

    def _hovered(self, index: int) -> None:
        if self._shown is not None and not self._shown.given:
            self.details.hover(index)
            self.digit_hovered.emit(index)

    def _chosen(self, index: int) -> None:
        if self._shown is not None and not self._shown.given:
            self.digit_chosen.emit(index)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest map and the cursor."""
        self.tools.show_state(state)
        self.embedding_bar.show_state(state)
        self._code = state.exploration.decoded_code
        flat = state.snapshot is not None and state.snapshot.recipe.network.latent_size < LEAST_NUMBERS
        shown = None if flat else state.value("map")
        if flat:
            self._show_nothing(self.tr("A map needs two dimensions; this code has only one."))
        elif shown is None:
            self._show_nothing(self.tr("The map appears as soon as images are encoded."))
        else:
            self._show_points(shown, state)
        if self._map is None or self._mark is None:
            return
        now = None if state.snapshot is None else state.snapshot.step
        self._mark.show_step(None if self._shown is None else state.step_of("map"), now, state.follows)
        if self._shown is None or self._code is None or len(self._code) != self._shown.plane.size:
            self._map.hide_cursor()
            return
        x, y = self._shown.plane.to_plane(self._code[None])[0]
        self._map.set_cursor(float(x), float(y))
        self._show_ellipse(state, self._shown)
        self.details.show_state(state, self._shown)

    def _show_points(self, shown: CodeMap, state: StudioState) -> None:
        values = values_of(state, shown)
        if self._points_shown.differs(shown, values):
            self._shown = shown
            self._say("")
            named = self.details.named_values(values, len(shown.xy))
            asked = state.results["map"].request
            if self._plane_shown.differs(asked.snapshot.run_key, asked.choice):
                self.map.reset_frame()
            self.map.set_points(shown.xy, shown.labels, shown.class_names, named)
            self.map.set_axis_titles(*shown.plane.titles)
        if self._images_shown.differs(shown.given, state.ink_on_paper, *state.parts):
            self.map.set_images(None if shown.given else images_of(state))
            self.map.set_read_out(shown.given)  # without images there is no card to show instead
        self.map.set_selection(state.workspace.selection)

    def _show_ellipse(self, state: StudioState, shown: CodeMap) -> None:
        """Show the covariance of the hovered image, else of the selected one."""
        inspected = state.value("hovered") if state.hovered >= 0 else None
        inspected = inspected or state.value("inspect")
        if self._ellipse_shown.differs(inspected, shown):
            self.map.set_ellipse(*ellipse_of(inspected, shown))

    def _show_nothing(self, why: str) -> None:
        self._say(why)
        if self._shown is not None:
            self.details.clear()
            self._shown = None
            self._points_shown.forget()
            self.map.set_points(np.empty((0, 2), np.float32), None, ())
            self.map.set_axis_titles("", "")
            self.map.set_ellipse(None, None)
            self._ellipse_shown.forget()
