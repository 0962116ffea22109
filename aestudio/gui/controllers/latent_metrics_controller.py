"""Metrics of the latent space: measured automatically when a model does not change, and kept with its run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QTimer

from aestudio.gui.state.effects.measuring import latent_subject
from aestudio.gui.state.effects.reactions import MeasureLatent, ShowKeptMetrics, StopMeasuring
from aestudio.gui.state.studio_state import LatentMetricsState
from aestudio.recipes.requirements import no_continuous_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import LatentSubject
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

TASK = "latent metrics"
# After opening a run, the user explores it first; measuring waits this long.
REST_MILLISECONDS = 1500


class LatentMetricsController:
    """Keeps `state.latent_metrics` up to date."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._measures: WeakKeyDictionary[ImageSet, NDArray[np.float32]] = WeakKeyDictionary()
        self._rest = QTimer(store)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.timeout.connect(self._start)
        store.react_with(StopMeasuring, lambda _: self._stop())
        store.react_with(MeasureLatent, lambda reaction: self._wait(reaction.waits))
        store.react_with(ShowKeptMetrics, lambda reaction: store.update(latent_metrics=reaction.metrics))

    def _stop(self) -> None:
        self._rest.stop()
        if TASK in self._store.state.tasks:
            self._store.tasks.cancel(TASK)

    def close(self) -> None:
        """Start no more measurements."""
        self._rest.stop()

    def _wait(self, waits: bool) -> None:
        """Measure after a pause without changes."""
        if waits:
            self._rest.start()
        else:
            self._rest.stop()

    def _start(self) -> None:
        subject = latent_subject(self._store.state)
        if subject is None:
            return
        self._store.update_quietly(latent_tried=subject)
        measures = self._measures.get(subject.dataset.test)

        def work(progress: Progress) -> Measured:
            return _measured(subject, measures, progress)

        def after(message: TaskDone) -> None:
            self._done(subject, message)

        self._store.run_task(TASK, "the latent space was being measured", work, after)

    def _done(self, subject: LatentSubject, message: TaskDone) -> None:
        if message.cancelled:
            self._store.update_quietly(latent_tried=None)
        elif message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
        else:
            measured: Measured = message.value
            if measured.measures is not None:
                self._measures[subject.dataset.test] = measured.measures
            if measured.kept:
                self._store.intents.refresh_runs()
            title = subject.dataset.title
            self._store.update(
                latent_metrics=LatentMetricsState(subject.snapshot, subject.dataset, title, measured.table)
            )


@dataclass(frozen=True, eq=False)
class Measured:
    """Result of the task.

    table: None if the metrics have no meaning for the model; measures: of the
           data set's images, float32 (N, M), M attributes, or None
    kept:  whether the run's record has them now
    """

    table: Mapping[str, Any] | None
    measures: NDArray[np.float32] | None
    kept: bool = False


def _measured(subject: LatentSubject, measures: NDArray[np.float32] | None, progress: Progress) -> Measured:
    """Measure, and keep the metrics of the user's own run if they are of its own data set."""
    from aestudio.analysis.disentanglement import measures_of
    from aestudio.runs.run_metrics import latent_metrics_of

    snapshot, dataset, run = subject.snapshot, subject.dataset, subject.run
    if no_continuous_codes(snapshot.architecture) or snapshot.architecture.latent.size < 2:
        return Measured(None, measures)
    if measures is None:
        measures = measures_of(dataset.test, progress)
    table = latent_metrics_of(snapshot, dataset, progress, measures)
    if table is None or run is None or run.shipped or run.record is None:
        return Measured(table, measures)
    own = (run.record.step, run.origin) == (snapshot.step, dataset.origin) and not run.difference(dataset)
    keep = own and run.folder.exists()
    if keep:
        run.with_latent(table)
    return Measured(table, measures, keep)
