"""The Latent view: reconstruction and sliders on the left, the map and a drawer of panels on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout

from aestudio.gui.inference.axis_names_planner import AxisNamesPlanner
from aestudio.gui.inference.map_planner import MapPlanner
from aestudio.gui.inference.work_share import LARGE_SHARE
from aestudio.gui.state.capabilities import no_latent_space
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_spaces
from aestudio.gui.views.latent.drawer import PanelTabs
from aestudio.gui.views.latent.explorer import Explorer
from aestudio.gui.views.latent.latent_arrangement import GAP, LEAST_MAP, Arrangement, arrange
from aestudio.gui.views.latent.map.data_support_overlay import DataSupportOverlay
from aestudio.gui.views.latent.map.decoded_layer import DecodedLayer
from aestudio.gui.views.latent.map.drawing_trails import drawing_requests, drawing_trails
from aestudio.gui.views.latent.map.map_panel import MapPanel
from aestudio.gui.views.latent.map_and_drawer import MapAndDrawer
from aestudio.gui.views.shared.empty_reason import without_decoder
from aestudio.gui.views.shared.image_offer import image_offer, point_offer
from aestudio.gui.views.view import View
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.scroll_page import scroll_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.shared.empty_reason import Reason

_OF_THE_CODE = ("code.bookmark", "code.reset", "code.sample")  # commands
_MAP_BELOW = 400  # logical pixels: the height of the map and the drawer below image and sliders


class LatentView(View):
    """All parts show `state.exploration`, so moving one moves the others."""

    share: ClassVar[float] = LARGE_SHARE
    _resized = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._resizes = 0  # not followed by a refresh yet
        self.explorer = Explorer(session)
        self.map = MapPanel()
        self.panels = PanelTabs(session)
        self.support_overlay = DataSupportOverlay(self.map)
        self.decoded_layer = DecodedLayer(self.map)
        self._map_planner = MapPlanner(session.embedding.request)
        self._naming = AxisNamesPlanner()
        self._trails_shown = Shown()
        self.map.describe = lambda number: point_offer(self.session.state, number)
        self.explorer.image.describe = self._describe_decoded
        self._places = Arrangement(False, 0)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._right = MapAndDrawer(self.map, self.panels.drawer)
        self._parts = _Parts(self, self._arrange_in)
        for part in (self.explorer, self._right):
            self._parts.addWidget(part)
        keep_spaces(self._parts, lambda parts, theme: parts.setSpacing(theme.px(GAP)))

    def _connect(self) -> None:
        # Before the next paint, and once for the many sizes that the layouts of a new theme try.
        self._resized.connect(self._refresh_once, Qt.ConnectionType.QueuedConnection)
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
        embedding, bar = self.session.embedding, self.map.tools.embedding
        bar.paused.connect(embedding.pause)
        bar.perturbed.connect(embedding.perturb)
        bar.stopped.connect(embedding.stop)
        bar.begun_again.connect(embedding.run_again)
        self.map.tools.options.setting_chosen.connect(embedding.choose)
        self.panels.tabs.currentChanged.connect(self.refresh)
        self.panels.drawer.toggled.connect(self.refresh)
        self.panels.drawer.toggled.connect(self._show_drawer)
        self.support_overlay.moved.connect(self.refresh)
        self.decoded_layer.moved.connect(self.refresh)

    def _describe_decoded(self, _: int) -> Offer:
        """What the context menu offers of the decoded image: that of an image until the code moves."""
        state = self.session.state
        what, point = self.tr("Decoded image"), state.exploration
        offer = Offer(what=what, terms=("decoder",), step=point.step, commands=_OF_THE_CODE)
        return image_offer(state, state.selected, made=what).inside(offer) if point.following else offer

    def reason(self, state: StudioState) -> Reason | None:
        """Why this model has no latent space."""
        if no_latent_space(state.snapshot):
            return without_decoder(state, self.tr("It has no latent space to explore."))
        return None

    def requests(self, state: StudioState) -> Iterable[Request]:
        """The requests of map, sliders and overlay, and those of the panel in front if the drawer is open."""
        if state.model is None:
            return []
        requests = [*self._map_planner.requests(state), *self.decoded_layer.requests(state)]
        requests += self.explorer.sliders.requests(state)
        names = self._naming.request(state, self.explorer.sliders.visible_axes)
        requests += [names] if names is not None else []
        requests += [*self.support_overlay.requests(state), *drawing_requests(state)]
        return [*requests, *self.panels.requests(state)]

    def show_point(self, state: StudioState) -> float | None:
        """Show sliders and reconstruction at once; map and panels follow with the next state."""
        return self.explorer.follow_point(state)

    def show_state(self, state: StudioState) -> None:
        """Show the state in every part."""
        self._resizes = 0  # what comes next asks for requests, too
        self.explorer.show_state(state)
        self._arrange()
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
        codes = self.panels.path()
        shown = state.value("map")
        # At rest a path of another step than the points would have the whole map marked.
        other_step = not state.step_advances and state.step_of("interpolation") != state.step_of("map")
        if codes is None or shown is None or codes.shape[1] != shown.plane.size or other_step:
            self.map.set_path(None)
        else:
            self.map.set_path(shown.plane.to_plane(codes).astype("float32"))
        self.map.show_step(state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose the class that a conditional model decodes as; fields take theirs first."""
        if not self.explorer.condition.take_digit(event):
            super().keyPressEvent(event)

    def _show_drawer(self, is_open: bool) -> None:
        """Make room for a panel, and scroll to it if the view does not fit."""
        self._arrange()
        if is_open:
            QTimer.singleShot(0, self.panels.drawer, lambda: scroll_to(self.panels.drawer))

    # ---- layout ---------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Where both parts do not fit beside each other, the width of one is enough."""
        return QSize(max(self._least_widths()), super().minimumSizeHint().height())

    def _least_widths(self) -> tuple[int, int]:
        return self.explorer.minimumSizeHint().width(), current_theme().px(LEAST_MAP[0])

    def _arrange(self) -> None:
        """Divide the size again: a panel was opened, or the model has other sliders."""
        self._arrange_in(self.size())

    def _arrange_in(self, size: QSize) -> None:
        """Divide this size; with large type in a narrow window the map is below image and sliders."""
        parts, theme = self._parts, current_theme()
        self._places = places = arrange(
            int(size.width() / theme.scale),
            int(size.height() / theme.scale),
            explorer=-int(-self.explorer.minimumSizeHint().width() // theme.scale),
            tabs=round(self._right.tabs_height / theme.scale),
            is_open=self.panels.drawer.is_open,
            was_beside=self._places.beside,
            presented=self.session.state.presentation,
        )
        stacked = places.stacked
        # The view scrolls then, so that each part has the height that is good for it.
        least = self._right.minimumSizeHint().height()
        heights = self.explorer.whole_height, max(theme.px(_MAP_BELOW), least)
        for part, height in zip((self.explorer, self._right), heights, strict=True):
            part.setMinimumHeight(height if stacked else 0)
        right = size.width() if stacked else theme.px(places.right)
        left = 0 if stacked else max(1, size.width() - parts.spacing() - right)
        parts.divide((left, max(1, right)), stacked=stacked)
        self.map.set_low(places.corner)
        self._right.place(places, QSize(right, max(least, heights[1] if stacked else size.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resizes += 1
        self._resized.emit()

    def _refresh_once(self) -> None:
        """What is visible may need other requests, and fewer or more sliders."""
        resizes, self._resizes = self._resizes, 0
        if resizes and self.isVisible():
            self.refresh()


class _Parts(QBoxLayout):
    """The two parts of the view; they are divided before they get their sizes, and not once more after it."""

    def __init__(self, view: QWidget, before: Callable[[QSize], None]) -> None:
        """before: called with the size that they are about to share"""
        super().__init__(QBoxLayout.Direction.LeftToRight, view)
        self.setContentsMargins(0, 0, 0, 0)
        self._before = before

    def divide(self, stretches: tuple[int, int], *, stacked: bool) -> None:
        """Share the width in this proportion; stacked: the second part is below the first."""
        directions = QBoxLayout.Direction
        direction = directions.TopToBottom if stacked else directions.LeftToRight
        if direction != self.direction():
            self.setDirection(direction)
        for index, stretch in enumerate(stretches):
            if stretch != self.stretch(index):
                self.setStretch(index, stretch)

    def setGeometry(self, rect: QRect) -> None:
        """Place both parts."""
        self._before(rect.size())
        super().setGeometry(rect)
