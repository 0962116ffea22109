"""Which plane the map shows: that of the codes of images, or without an encoder that of the prior."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.capabilities import no_grid, no_map
from aestudio.gui.views.latent.grid.prior_plane import PriorPlanes

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState


class MapPlanes:
    """Keeps the newest plane of a prior, so that it stays the same object while nothing changed."""

    def __init__(self) -> None:
        self._prior = PriorPlanes()

    def of(self, state: StudioState) -> CodeMap | None:
        """The newest map; of a model without codes of images a map without points, for decoded images."""
        snapshot = state.snapshot
        if snapshot is None or not no_map(snapshot):
            return state.value("map")
        if no_grid(snapshot) or not state.map_choice.decoded or not snapshot.architecture.decodes:
            return None
        return self._prior.of(snapshot, state.plane)
