"""Which embedding the state needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.capabilities import no_map
from aestudio.gui.state.embedding_state import EmbeddingRequest, with_points

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot


POINTS_LIVE = 1_000
"""Images that are embedded during a training, at most."""


def needed_embedding(state: StudioState, snapshot: Snapshot) -> EmbeddingRequest | None:
    """The embedding of this snapshot that the state needs, or None."""
    model, kind = state.model, state.plane.kind
    if model is None or kind == "dimensions" or kind == "components" or no_map(snapshot):
        return None
    shipped_codes = state.shipped_codes
    image_sets = map_image_sets(state) if shipped_codes is None else ()
    if shipped_codes is None and not image_sets:
        return None
    available = available_points(state)
    settings = state.embedding.settings[kind]
    most = min(POINTS_LIVE, settings.points) if moving(state) else settings.points
    count = min(available, most)
    needed = _needed(image_sets, count)
    return EmbeddingRequest(kind, snapshot, needed, shipped_codes, count, with_points(settings, count))


def available_points(state: StudioState) -> int:
    """How many points the map has: those of its images, or those that came with a shipped model."""
    shipped_codes = state.shipped_codes
    return len(shipped_codes.mean) if shipped_codes is not None else sum(map(len, map_image_sets(state)))


def _needed(image_sets: tuple[ImageSet, ...], count: int) -> tuple[ImageSet, ...]:
    """The sets that contain the first `count` images; the embedding does not depend on the others."""
    needed = []
    for image_set in image_sets:
        if count > 0:
            needed.append(image_set)
        count -= len(image_set)
    return tuple(needed)


def map_image_sets(state: StudioState) -> tuple[ImageSet, ...]:
    """The image sets that the map shows."""
    return state.image_sets if state.map_choice.images == "all" else state.image_sets[:1]


def moving(state: StudioState) -> bool:
    """Whether snapshots follow one another, so that the map shows fewer images to keep up."""
    return state.is_training or state.history.playing
