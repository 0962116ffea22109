"""The card of the point under the mouse, over the map's plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from aestudio.gui.inference.requests.exploration_request import InspectHovered
from aestudio.gui.plots.map_layers import PointValues
from aestudio.gui.plots.numbers import short_number
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.map.hover_card import HoverCard
from aestudio.gui.views.latent.map.map_content import padded
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import own_text
from aestudio.gui.views.shared.loss_units import unit_text

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.inference.requests.map_values_request import MapValues
    from aestudio.gui.plots.class_map import ClassMap
    from aestudio.gui.state.studio_state import StudioState

_DISTANCE = 18  # logical pixels from a point's image to its card


class MapDetails(QObject):
    """Belongs to one plot."""

    def __init__(self, shown: ClassMap) -> None:
        super().__init__(shown)
        self._map = shown
        self._hovered = -1
        self._state: StudioState | None = None
        self._codes: CodeMap | None = None
        self.card = HoverCard(shown.plot)
        self.mark = ChannelMark(self.card, InspectHovered.channel)

    def hover(self, index: int) -> None:
        """Show the card of the point under the mouse; -1 for none."""
        self._hovered = index
        self._show_card()

    def clear(self) -> None:
        """Hide it while the map is empty."""
        self._state = self._codes = None
        self.card.hide()

    def show_state(self, state: StudioState, shown: CodeMap) -> None:
        """Show the results for the hovered image."""
        self._state, self._codes = state, shown
        self._show_card()

    def named_values(self, values: MapValues | None, count: int) -> PointValues | None:
        """Values of `count` points with their title and unit, translated; None for colours by class."""
        if values is None:
            return None
        title = self.tr("Loss of the image") if values.kind == "loss" else self.tr("Density of the codes")
        return PointValues(padded(values.values, count), title, unit_text(values.unit))

    def _show_card(self) -> None:
        state, found = self._state, None
        if state is not None and self._hovered >= 0:
            found = state.image_at(self._hovered)
        if state is None or found is None or self._codes is None or self._codes.shipped:
            self.card.hide()
            self.mark.show_step(None, None, follows=False)
            return
        images, index = found
        name = self.tr("Image {}").format(f"{index:,}")
        if images.labels is not None:
            name = f"{images.class_names[int(images.labels[index])]} · {name}"
        reconstruction, loss = None, ""
        result = state.results.get(InspectHovered.channel)
        value = None if result is None or result.request.index != self._hovered else result.value
        self.mark.show_state(state, visible=value is not None)
        if value is not None:
            reconstruction, loss = value.reconstruction, self._loss(state, value.squared_error)
            if value.condition is not None:
                loss = ", ".join(text for text in (loss, own_text(state)) if text)
        self.card.show_image(name, images.images[index], reconstruction, loss, state.ink_on_paper)
        distance = current_theme().px(_DISTANCE) + self._map.plot.cloud.image_side // 2
        self.card.show_beside(self._map.pixel_of_point(self._hovered).toPoint(), distance)

    def _loss(self, state: StudioState, squared_error: float | None) -> str:
        """The loss if it colours the points, else the squared error."""
        values = state.value("map values")
        if values is not None and values.kind == "loss" and self._hovered < len(values.values):
            number = short_number(float(values.values[self._hovered]))
            return self.tr("loss {} {}").format(number, unit_text(values.unit)).strip()
        if squared_error is None:
            return ""
        return self.tr("squared error {}").format(short_number(squared_error))
