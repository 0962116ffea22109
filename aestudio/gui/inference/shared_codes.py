"""The snapshot whose codes several parts of a view share while a training runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot


def encoded_snapshot(state: StudioState) -> Snapshot | None:
    """While a training runs, the snapshot of the shown map: its codes are there already.

    What else needs the codes of many images takes the same, so that they are encoded once and show one step.
    None if there is no such map, or one of an embedding, which is many steps behind.
    """
    if state.training.phase != "running" or not state.shows_newest:
        return None
    result = state.results.get(LatentMapRequest.channel)
    if result is None or result.value is None or result.request.embedding is not None:
        return None
    snapshot: Snapshot = result.request.snapshot
    newest = state.snapshot
    return snapshot if newest is not None and newest.run_key == snapshot.run_key else None
