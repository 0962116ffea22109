"""Which plane the map shows, of codes of images or of a prior, and whether each point of it has one image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.capabilities import no_grid, no_map
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.gui.views.latent.grid.prior_plane import PriorPlanes

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


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


def no_plane(state: StudioState) -> str:
    """Why nothing can lie on the plane of the map, translated; "" if it can."""
    if not state.plane.turns:
        return ""
    return translate(
        "MapPlanes", "With a third axis there is no plane for overlay, ellipse, paths and trails."
    )


def shown_axes(state: StudioState) -> PlaneChoice:
    """The axes on show: without an encoder those of the prior, which has no components and no embedding."""
    if no_map(state.snapshot) and state.plane.kind != "dimensions":
        return PlaneChoice("dimensions", 0, 1)
    return state.plane


def wants_decoded(state: StudioState) -> bool:
    """Whether decoded images are to be shown under the points, and there are any."""
    return state.map_choice.decoded and not no_decoded_layer(state)


def no_decoded_layer(state: StudioState) -> str:
    """Why the map has no decoded images under its points, translated; "" if it has."""
    snapshot = state.snapshot
    if snapshot is None or no_grid(snapshot):
        return no_grid(snapshot)
    if state.plane.turns:
        return no_plane(state)
    size = snapshot.architecture.latent.size
    if size > 2 and not no_map(snapshot):
        return translate(
            "MapPlanes",
            "At a point of this map many codes of {} numbers lie over each other, each with another image: "
            "the Grid panel decodes the plane through the code of the sliders.",
        ).format(size)
    if is_embedding(state.plane.kind) and not no_map(snapshot):
        return translate("MapPlanes", "A t-SNE or UMAP map is no plane of codes to decode on.")
    return ""
