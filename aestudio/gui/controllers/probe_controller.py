"""Intents about the probe: how well a small classifier recognises pixels, codes and reconstructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.studio_state import ProbeState

if TYPE_CHECKING:
    from aestudio.analysis.probe import ProbeReport
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "probe"


class ProbeController:
    """Measures the current model with a probe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, images: int | None = None) -> None:
        """Measure the current model. images: how many to train the classifier on (None: all)."""
        state = self._store.state
        snapshot, dataset = state.snapshot, state.dataset
        if snapshot is None or dataset is None:
            text = translate("session", "A probe needs a model and a data set with labels.")
            self._store.show_message(text, "warn")
            return
        if no_encoder(snapshot):
            self._store.show_message(no_encoder(snapshot), "warn")
            return

        def work(progress: Progress) -> ProbeReport:
            from aestudio.analysis.probe import probe
            from aestudio.training.threads import use_threads

            use_threads()
            return probe(snapshot, dataset, progress, images)

        def after(message: TaskDone) -> None:
            if message.cancelled:
                self._store.show_message(translate("session", "The probe was cancelled."))
            else:
                self._store.update(probe=ProbeState(message.value, snapshot, dataset, message.problem))

        self._store.run_task(TASK, "the probe was being trained", work, after)

    def cancel(self) -> None:
        """Stop measuring; the older result stays."""
        self._store.tasks.cancel(TASK)
