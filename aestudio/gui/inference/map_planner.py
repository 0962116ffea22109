"""Which map to request: of which snapshot, of how many images, and aligned with which earlier map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT, LatentMapRequest
from aestudio.gui.inference.requests.map_values_request import ValuesOnMap
from aestudio.gui.state.capabilities import no_data_support, no_map, no_reconstruction
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.needed_embedding import map_image_sets, moving, needed_embedding
from aestudio.gui.state.studio_state import PlaneChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.embedding_state import EmbeddingRequest
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot

# Shown until an embedding is ready.
_MEANWHILE = PlaneChoice("components", 0, 1)


class MapPlanner:
    """Remembers the map that the next one is aligned with, so that requests stay frozen values.

    request_embedding: called with the snapshot whose embedding is needed
    """

    def __init__(self, request_embedding: Callable[[Snapshot], None]) -> None:
        self._request_embedding = request_embedding
        self._pace = RequestPacing(0.0)
        self._snapshot: Snapshot | None = None
        self._choice: PlaneChoice | None = None
        self._before: CodeMap | None = None
        self._history_step: int | None = None  # step of the history that was shown

    def requests(self, state: StudioState) -> list[Request]:
        """The map, and the values of its points if they are shown as colours."""
        model = state.model
        if model is None or no_map(model.snapshot):
            return []
        if model.snapshot.architecture.latent.size < 2:  # one number spans no plane
            return []
        shipped_codes = model.shipped_codes if state.data.dataset is None else None
        if shipped_codes is None and not state.image_sets:
            return []
        snapshot = self._paced(state) or model.snapshot
        self._request_embedding(snapshot)
        requests: list[Request] = [self._map(state, snapshot)]
        values = self._values(state)
        return requests if values is None else [*requests, values]

    def _paced(self, state: StudioState) -> Snapshot | None:
        """The snapshot to request: the newest, but not before a result of the last one was shown.

        While a training runs the newest takes the place of those that wait: see `work_share`.
        """
        newest = self._pace.snapshot(state, LatentMapRequest.channel)
        last, result = self._snapshot, state.results.get(LatentMapRequest.channel)
        back_at_present = self._history_step is not None and state.history.step is None
        self._history_step = state.history.step
        if last is None or newest is None or last.run_key != newest.run_key or result is None:
            return newest
        if back_at_present:  # do not wait for requests about the history
            return newest
        if state.training.phase == "running" and state.shows_newest:
            return newest
        computed = [result.request] if result.failed is None else [result.request, result.failed]
        return newest if any(request.snapshot is last for request in computed) else last

    def _map(self, state: StudioState, snapshot: Snapshot) -> LatentMapRequest:
        assert state.model is not None
        shipped_codes = state.model.shipped_codes if state.data.dataset is None else None
        image_sets = map_image_sets(state) if shipped_codes is None else ()
        count = COARSE_COUNT if moving(state) else sum(map(len, image_sets))
        choice, embedding = state.plane, None
        if is_embedding(choice.kind):
            choice = _MEANWHILE
            working, live = state.embedding.working, state.embedding.live
            requested = state.embedding.requested
            if working is not None and live is not None and _fits(working, state, snapshot):
                # Only the embedded images: to place the others takes longer than the next steps.
                snapshot, embedding, choice, count = working.snapshot, live, state.plane, working.count
            elif requested is not None and _fits(requested, state, snapshot):
                snapshot, embedding, choice = requested.snapshot, state.embedding.result, state.plane
                count = max(count, requested.count)
        self._remember(state, snapshot, choice)
        return LatentMapRequest(snapshot, image_sets, shipped_codes, count, choice, embedding, self._before)

    def _remember(self, state: StudioState, snapshot: Snapshot, choice: PlaneChoice) -> None:
        """Align components of another snapshot with the shown map; not after a new choice of plane."""
        if snapshot is self._snapshot and state.plane is self._choice:
            return
        chosen_anew = state.plane is not self._choice
        self._snapshot, self._choice, self._before = snapshot, state.plane, None
        result = state.results.get(LatentMapRequest.channel)
        if chosen_anew or choice.kind != "components" or result is None or result.value is None:
            return
        last: LatentMapRequest = result.request
        same = last.choice == choice and last.snapshot.run_key == snapshot.run_key and last.embedding is None
        shipped_codes = (
            state.model.shipped_codes if state.model is not None and state.data.dataset is None else None
        )
        if same and last.shipped_codes is shipped_codes and last.image_sets[:1] == state.image_sets[:1]:
            self._before = result.value

    def _values(self, state: StudioState) -> ValuesOnMap | None:
        """The values of the points that are shown now."""
        result, colour = state.results.get(LatentMapRequest.channel), state.map_choice.colour
        if colour == "class" or result is None or result.value is None or result.more:
            return None
        if colour == "density" and state.embedding.live is not None:
            return None  # of positions that move five times a second
        if colour == "density" and no_data_support(state.snapshot):
            return None
        if colour == "loss" and no_reconstruction(state.snapshot):
            return None
        shown: LatentMapRequest = result.request
        if colour == "loss" and shown.shipped_codes is not None:
            return None
        return ValuesOnMap(colour, shown.snapshot, shown.image_sets, shown.shipped_codes, result.value)


def _fits(requested: EmbeddingRequest, state: StudioState, snapshot: Snapshot) -> bool:
    """Whether the embedding is of the kind, the run and the images that are to be shown."""
    needed = needed_embedding(state, snapshot)
    return needed is not None and needed.continues(requested)
