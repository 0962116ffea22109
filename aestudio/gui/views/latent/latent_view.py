"""The Latent view: reconstruction and sliders on the left, the map and one panel on the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.inference.map_planner import MapPlanner
from aestudio.gui.state.capabilities import no_latent_space
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.views.latent.explorer import Explorer
from aestudio.gui.views.latent.map.data_support_overlay import DataSupportOverlay
from aestudio.gui.views.latent.map.decoded_layer import DecodedLayer
from aestudio.gui.views.latent.map.drawing_trails import drawing_requests, drawing_trails
from aestudio.gui.views.latent.map.map_panel import MapPanel
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.page_tabs import PageTabs
from aestudio.gui.views.shared.empty_reason import without_decoder
from aestudio.gui.views.view import View
from aestudio.gui.widgets.layouts import boxed, column, fill, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme
    from aestudio.gui.views.shared.empty_reason import Reason

_WIDE = 1.35  # width / height of the right part from which map and panels lie side by side
_MAP_SHARE, _PANEL_SHARE = 7, 5
# Logical pixels: a smaller map or panel would be of no use, so the view scrolls instead.
_MIN_WIDTH, _MIN_MAP, _MIN_PANEL = 352, 270, 150
_GAP = 16
_SIZE_UNITS = 1000  # any large number: the splitter scales the sizes to its own


class LatentView(View):
    """All parts show `state.exploration`, so moving one moves the others."""

    name: ClassVar[str] = "latent"
    order: ClassVar[int] = 30

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.explorer = Explorer(session)
        self.map = MapPanel()
        self.panels = PageTabs(session, Panel)
        self.support_overlay = DataSupportOverlay(self.map)
        self.decoded_layer = DecodedLayer(self.map)
        self._map_planner = MapPlanner(session.embedding.request)
        self._naming = AxisNamesPlanner()
        self._trails_shown = Shown()
        self._lay_out()
        self._connect()

    @classmethod
    def title(cls) -> str:
        return QCoreApplication.translate("LatentView", "Latent")

    @classmethod
    def help(cls) -> str:
        return QCoreApplication.translate(
            "LatentView", "Explore the latent space: sliders, map, grid, interpolation"
        )

    def _lay_out(self) -> None:
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._right.setHandleWidth(current_theme().px(_GAP))
        self._right.setProperty("role", "gap")
        self._right.setChildrenCollapsible(False)
        self.panels.tabs.setDocumentMode(True)
        self.panels.tabs.setProperty("role", "small")
        self.panels.tabs.setAccessibleName(self.tr("Panels of the latent space"))
        panels = boxed(column(self.panels.tabs, fill(self.panels.stack)))
        parts = ((self.map, _MAP_SHARE, _MIN_MAP), (panels, _PANEL_SHARE, _MIN_PANEL))
        for index, (part, share, minimum) in enumerate(parts):
            # The proportions change only when the user drags the splitter, whatever the content.
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            keep_length(part, partial(_set_minimum_size, height=minimum))
            self._right.addWidget(part)
            self._right.setStretchFactor(index, share)
        row(fill(self.explorer, 4), fill(self._right, 6), gap=_GAP, on=self)

    def _connect(self) -> None:
        explore = self.session.explore
        self.explorer.reset_requested.connect(explore.reset)
        self.explorer.sample_requested.connect(explore.sample_prior)
        self.explorer.random_requested.connect(explore.select_random)
        self.explorer.image_chosen.connect(explore.select)
        self.explorer.condition.condition_chosen.connect(explore.choose_condition)
        self.map.code_moved.connect(explore.move_decoded_code_to)
        self.map.image_chosen.connect(explore.select)
        self.map.image_hovered.connect(explore.hover)
        self.map.plane_chosen.connect(explore.choose_plane)
        self.map.map_chosen.connect(explore.choose_map)
        self.map.selected.connect(self.session.workspace.select)
        self.map.export_requested.connect(self.session.workspace.export_selection)
        self.map.tools.embedding.cancelled.connect(self.session.embedding.cancel)
        self.map.tools.options.points_chosen.connect(self.session.embedding.set_points)
        self.panels.tabs.currentChanged.connect(self.refresh)
        self.support_overlay.moved.connect(self.refresh)
        self.decoded_layer.moved.connect(self.refresh)

    def reason(self, state: StudioState) -> Reason | None:
        """Why this model has no latent space."""
        if no_latent_space(state.snapshot):
            return without_decoder(state, self.tr("It has no latent space to explore."))
        return None

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of the map, the sliders and the overlay, and those of the panel in front."""
        if state.model is None:
            return []
        requests = [*self._map_planner.requests(state), *self.decoded_layer.requests(state)]
        requests += self.explorer.sliders.requests(state)
        names = self._naming.request(state)
        requests += [names] if names is not None else []
        requests += [*self.support_overlay.requests(state), *drawing_requests(state)]
        return [*requests, *self.panels.requests(state)]

    def show_point(self, state: StudioState) -> float | None:
        """Show sliders and reconstruction at once; map and panels follow with the next state."""
        return self.explorer.follow_point(state)

    def show_state(self, state: StudioState) -> None:
        """Show the state in every part."""
        self.explorer.show_state(state)
        self.decoded_layer.show_state(state)
        self.map.show_state(state)
        self.support_overlay.show_state(state)
        self.panels.show_state(state)
        self._show_paths(state)

    def _show_paths(self, state: StudioState) -> None:
        """Draw the path of the front panel and the trails of the kept drawings over the map."""
        shown, current, past = (
            state.results.get(channel) for channel in ("map", "drawings", "drawing trails")
        )
        if self._trails_shown.differs(shown, current, past, state.workspace.drawings, state.snapshot):
            self.map.set_trails(drawing_trails(state))
        codes = self.panels.front.path() if self.panels.reason is None else None
        shown = state.value("map")
        if codes is None or shown is None or codes.shape[1] != shown.plane.size:
            self.map.set_path(None)
        else:
            self.map.set_path(shown.plane.to_plane(codes).astype("float32"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose the class that a conditional model decodes as; fields take theirs first."""
        if not self.explorer.condition.take_digit(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out map and panels side by side if they fit."""
        wide = event.size().width() * 0.6 > _WIDE * event.size().height()
        direction = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if direction != self._right.orientation():
            self._right.setOrientation(direction)
            self._right.setSizes([_MAP_SHARE * _SIZE_UNITS, _PANEL_SHARE * _SIZE_UNITS])
        super().resizeEvent(event)
        if self.isVisible():
            self.refresh()


def _set_minimum_size(part: QWidget, theme: Theme, height: int) -> None:
    part.setMinimumSize(theme.px(_MIN_WIDTH), theme.px(height))
