"""Intents about t-SNE and UMAP: they take seconds to minutes, so a task computes them."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QTimer

from aestudio.analysis.embedding_plan import perturbation
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.gui.state.embedding_state import begun, ended, is_embedding, ordered, with_setting
from aestudio.gui.state.needed_embedding import moving, needed_embedding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.embedding_plan import Orders
    from aestudio.analysis.embedding_settings import EmbeddingKind
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.embedding_state import EmbeddingRequest
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.gui.workers.tasks import TaskReport
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
        """Whether not to start: it was stopped or failed, it is running, or another one must end first."""
        state, known = self._store.state, self._store.state.embedding
        if known.declined is not None and requested.continues(known.declined):
            return moving(state) or requested == known.declined
        if known.working is not None:
            follows = moving(state) and requested.continues(known.working)
            return follows or requested == known.working
        return moving(state) and time.monotonic() < known.rest_until

    def _start(self, requested: EmbeddingRequest) -> None:
        known = self._store.state.embedding
        if known.result is not None and known.requested is not None and requested.continues(known.requested):
            self._begin(requested, known.result.xy, perturbed=known.result.perturbed)
        else:
            self._begin(requested, None, perturbed=False)

    def _begin(
        self, requested: EmbeddingRequest, start: NDArray[np.float32] | None, *, perturbed: bool
    ) -> None:
        began = time.monotonic()
        known = begun(self._store.state.embedding, requested, perturbed=perturbed)
        orders = known.orders
        self._store.update_quietly(embedding=known)

        def work(report: TaskReport) -> Embedding2D:
            return _embedded(requested, start, report, self._process, orders)

        self._store.run_task(
            TASK,
            "the embedding was being computed",
            work,
            lambda message: self._after(requested, began, message),
            part=lambda plane: self._show_live(requested, plane),
        )

    def _show_live(self, requested: EmbeddingRequest, plane: Embedding2D) -> None:
        known = self._store.state.embedding
        if known.working is requested:
            self._store.update(embedding=replace(known, live=_noted(plane, known.orders)))

    def _after(self, requested: EmbeddingRequest, began: float, message: TaskDone) -> None:
        now, before = time.monotonic(), self._store.state.embedding
        stopped = message.problem is not None or before.orders.stopped
        known = ended(before, declined=requested if stopped else None)
        known = replace(known, rest_until=now + REST * (now - began), problem=message.problem)
        if message.problem is None and not message.cancelled:
            plane = _noted(message.value, before.orders)
            self._kept[requested] = plane
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            known = replace(known, requested=requested, result=plane)
        self._store.update(embedding=known)
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")

    def _show(self, requested: EmbeddingRequest, plane: Embedding2D) -> None:
        embedding = self._store.state.embedding
        if embedding.result is not plane:
            self._kept.move_to_end(requested)
            shown = replace(embedding, requested=requested, result=plane, problem=None)
            self._store.update(embedding=shown)

    # ---- what the user orders -------------------------------------------------------------------------

    def choose(self, kind: EmbeddingKind, name: str, value: object) -> None:
        """Choose another value of a setting: the embedding is computed anew. Raises BadChoice."""
        embedding = self._store.state.embedding
        changed = with_setting(embedding, kind, name, value)
        if changed is not embedding:
            self._store.update(embedding=changed)

    def pause(self) -> None:
        """Wait before the next step, or go on."""
        known = self._store.state.embedding
        if known.live is not None:
            self._order(paused=not known.orders.paused)

    def perturb(self) -> None:
        """Move all points by noise and go on; an embedding that has ended goes on for a few steps."""
        known = self._store.state.embedding
        if known.live is not None:
            self._order(perturbations=known.orders.perturbations + 1)
        elif known.working is None and known.result is not None and known.requested is not None:
            seed = known.requested.settings.seed
            moved = known.result.xy + perturbation(known.result.xy, seed, 1)
            self._begin(known.requested, moved.astype("float32"), perturbed=True)

    def stop(self) -> None:
        """End with the embedding as it is; before its first step, return to the plane before."""
        if self._store.state.embedding.live is None:
            self.cancel()
        else:
            self._order(stopped=True)

    def run_again(self) -> None:
        """Compute the embedding that is shown from its beginning."""
        known = self._store.state.embedding
        if known.working is None:
            if known.requested is not None:
                self._kept.pop(known.requested, None)
            self._store.update(embedding=replace(known, requested=None, result=None, declined=None))

    def _order(self, **changes: Any) -> None:
        embedding = ordered(self._store.state.embedding, **changes)
        self._process.order(embedding.orders)
        self._store.update(embedding=embedding)

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
        self._store.update(tasks=MappingProxyType(tasks), embedding=ended(state.embedding, declined=declined))

    def close(self) -> None:
        """End the process that computes embeddings; `alive` is False when it has ended."""
        self._process.close()

    def alive(self) -> bool:
        """Whether the process that computes embeddings exists."""
        return self._process.alive()


def _noted(plane: Embedding2D, orders: Orders) -> Embedding2D:
    """The embedding with the note that noise was added, if it was."""
    return replace(plane, perturbed=True) if orders.perturbations else plane


def _embedded(
    requested: EmbeddingRequest,
    start: NDArray[np.float32] | None,
    report: TaskReport,
    process: EmbeddingProcess,
    orders: Orders,
) -> Embedding2D:
    """Compute an embedding, on the task's thread, with its own module."""
    from aestudio.analysis.embedding import embed_codes, scaled_progress
    from aestudio.training.threads import use_threads

    use_threads()
    report(0.0, 1.0, "")
    process.load(requested.kind)  # while the images are encoded
    codes = (
        _codes(requested, scaled_progress(report, 0, _ENCODED))
        if requested.shipped_codes is None
        else requested.shipped_codes.mean
    )
    return embed_codes(
        codes[: requested.count],
        requested.kind,
        scaled_progress(report, _ENCODED, 1),
        start,
        process,
        settings=requested.settings,
        orders=orders,
        show=report.show,
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
