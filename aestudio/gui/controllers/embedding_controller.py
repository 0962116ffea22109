"""Intents about t-SNE and UMAP: they take seconds to minutes, so a task computes them."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer

from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.needed_embedding import moving, needed_embedding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.embedding_state import EmbeddingPoints, EmbeddingRequest
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate

TASK = "embedding"
# Embeddings kept in memory, of other kinds and snapshots. 10,000 codes of 256 numbers are 10 MB.
MOST_KEPT = 4
# During a training: seconds of rest per second of work, so that the training is not slowed down.
REST = 2.0
_ENCODED = 0.1


class EmbeddingController:
    """Computes the embedding that the map shows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._process = EmbeddingProcess()
        self._kept: OrderedDict[EmbeddingRequest, Embedding2D] = OrderedDict()

    def request(self, snapshot: Snapshot) -> None:
        """Compute the embedding of this snapshot if the state needs one; the map's view calls this.

        The work begins after the caller returns: it shows a state, which must not change meanwhile.
        """
        state = self._store.state
        if is_embedding(state.plane.kind) or state.embedding.working is not None:
            QTimer.singleShot(0, self._store, lambda: self._compute(snapshot))

    def _compute(self, snapshot: Snapshot) -> None:
        state = self._store.state
        if state.snapshot is None or state.snapshot.run_key != snapshot.run_key:
            return
        requested = needed_embedding(state, snapshot)
        if requested is None:
            if state.embedding.working is not None and not is_embedding(state.plane.kind):
                self._stop()
        elif requested in self._kept:
            self._show(requested, self._kept[requested])
        elif not self._waits(requested):
            self._start(requested)

    def _waits(self, requested: EmbeddingRequest) -> bool:
        """Whether not to start: it was cancelled or failed, it is running, or another one must end first."""
        state, known = self._store.state, self._store.state.embedding
        if known.declined is not None and requested.continues(known.declined):
            return moving(state) or requested == known.declined
        if known.working is not None:
            follows = moving(state) and requested.continues(known.working)
            return follows or requested == known.working
        return moving(state) and time.monotonic() < known.rest_until

    def _start(self, requested: EmbeddingRequest) -> None:
        known = self._store.state.embedding
        start = None
        if known.result is not None and known.requested is not None and requested.continues(known.requested):
            start = known.result.xy
        began = time.monotonic()
        self._store.update_quietly(embedding=replace(known, working=requested, problem=None))

        def work(progress: Progress) -> Embedding2D:
            return _embedded(requested, start, progress, self._process)

        self._store.run_task(
            TASK,
            "the embedding was being computed",
            work,
            lambda message: self._after(requested, began, message),
        )

    def _after(self, requested: EmbeddingRequest, began: float, message: TaskDone) -> None:
        now, known = time.monotonic(), self._store.state.embedding
        known = replace(known, working=None, rest_until=now + REST * (now - began))
        if message.problem is not None:
            known = replace(known, declined=requested, problem=message.problem)
        self._store.update(embedding=known)
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
        elif not message.cancelled:
            self._kept[requested] = message.value
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            self._show(requested, message.value)

    def _show(self, requested: EmbeddingRequest, plane: Embedding2D) -> None:
        embedding = self._store.state.embedding
        if embedding.result is not plane:
            self._kept.move_to_end(requested)
            shown = replace(embedding, requested=requested, result=plane, problem=None)
            self._store.update(embedding=shown)

    def set_points(self, points: EmbeddingPoints) -> None:
        """Embed 10,000 images and put the others next to their neighbours, or embed all."""
        embedding = self._store.state.embedding
        if points != embedding.points:
            self._store.update(embedding=replace(embedding, points=points, declined=None))

    def cancel(self) -> None:
        """Cancel. The embedding that is shown stays; if there is none, the plane before it returns."""
        requested, shown = self._store.state.embedding.working, self._store.state.embedding.requested
        if requested is None:
            return
        self._stop(declined=requested)
        if shown is None or not requested.continues(shown):
            self._store.intents.choose_plane(self._store.state.previous_plane)
        self._store.show_message(translate("session", "The embedding was cancelled."))

    def _stop(self, declined: EmbeddingRequest | None = None) -> None:
        self._store.tasks.cancel(TASK)
        self._process.close()
        # The thread ends soon; nothing waits for it.
        state = self._store.state
        tasks = {name: at for name, at in state.tasks.items() if name != TASK}
        embedding = replace(state.embedding, working=None, declined=declined or state.embedding.declined)
        self._store.update(tasks=MappingProxyType(tasks), embedding=embedding)

    def close(self) -> None:
        """End the process that computes embeddings; `alive` is False when it has ended."""
        self._process.close()

    def alive(self) -> bool:
        """Whether the process that computes embeddings exists."""
        return self._process.alive()


def _embedded(
    requested: EmbeddingRequest,
    start: NDArray[np.float32] | None,
    progress: Progress,
    process: EmbeddingProcess,
) -> Embedding2D:
    """Compute an embedding, on the task's thread, with its own module."""
    from aestudio.analysis.embedding import embed_codes, scaled_progress
    from aestudio.training.threads import use_threads

    use_threads()
    progress(0.0, 1.0, "")
    process.load(requested.kind)  # while the images are encoded
    codes = (
        _codes(requested, scaled_progress(progress, 0, _ENCODED))
        if requested.shipped_codes is None
        else requested.shipped_codes.mean
    )
    return embed_codes(
        codes[: requested.count], requested.kind, scaled_progress(progress, _ENCODED, 1), start, process
    )


def _codes(requested: EmbeddingRequest, progress: Progress) -> NDArray[np.float32]:
    import numpy as np

    from aestudio.datasets.dataset import part_of
    from aestudio.gui.inference.requests.latent_map_request import pieces
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel

    frozen_model = FrozenModel(requested.snapshot)
    sets = [
        part_of(image_set, slice(count)) for image_set, count in pieces(requested.image_sets, requested.count)
    ]
    return np.concatenate([encode_set(frozen_model, part, progress).points for part in sets])
