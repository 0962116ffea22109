"""Metrics of the latent space: measured automatically when a model does not change, and kept with its run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from aestudio.gui.state.studio_state import LatentMetricsState
from aestudio.recipes.requirements import no_continuous_codes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.index import KeptRun
    from aestudio.training.events import Snapshot

TASK = "latent metrics"
# After opening a run, the user explores it first; measuring waits this long.
REST_MILLISECONDS = 1500


@dataclass(frozen=True)
class Subject:
    """What to measure, and the run that keeps the result, or None.

    folder: of the run; the run itself is a new object each time the list is read
    """

    snapshot: Snapshot
    dataset: Dataset
    folder: Path | None
    run: KeptRun | None = field(compare=False)


class LatentMetricsController:
    """Keeps `state.latent_metrics` up to date."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: Subject | None = None
        self._tried: Subject | None = None
        self._measures: tuple[ImageSet, NDArray[np.float32]] | None = None
        self._rest = QTimer(store)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.timeout.connect(self._start)
        store.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        store, state = self._store, self._store.state
        # A checkpoint of the history is shown briefly, and its metrics are not those of the run.
        if state.training.active or state.is_training or state.history.step is not None:
            self._wait_for(None)
            if TASK in state.tasks:
                store.tasks.cancel(TASK)
            return
        run = _run_of(state)
        kept = _kept(state, run)
        if kept is not None:
            self._wait_for(None)
            if state.latent_metrics is None or state.latent_metrics.table is not kept.table:
                store.update(latent_metrics=kept)
        elif state.snapshot is None or state.dataset is None or store.inference_worker is None:
            self._wait_for(None)
        else:
            folder = None if run is None else run.folder
            self._wait_for(Subject(state.snapshot, state.dataset, folder, run))

    def close(self) -> None:
        """Start no more measurements."""
        self._rest.stop()

    def _wait_for(self, subject: Subject | None) -> None:
        """Measure this after a pause without changes."""
        if subject is None or subject == self._tried:
            self._waiting = None
            self._rest.stop()
        elif subject != self._waiting:
            self._waiting = subject
            self._rest.start()

    def _start(self) -> None:
        subject, self._waiting = self._waiting, None
        if subject is None:
            return
        self._tried = subject
        known = self._measures
        measures = known[1] if known is not None and known[0] is subject.dataset.test else None

        def work(progress: Progress) -> Measured:
            return _measured(subject, measures, progress)

        def after(message: TaskDone) -> None:
            self._done(subject, message)

        self._store.run_task(TASK, "the latent space was being measured", work, after)

    def _done(self, subject: Subject, message: TaskDone) -> None:
        if message.cancelled:
            self._tried = None
        elif message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
        else:
            measured: Measured = message.value
            if measured.measures is not None:
                self._measures = subject.dataset.test, measured.measures
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


def _run_of(state: StudioState) -> KeptRun | None:
    """The run of the current model, from the list of runs."""
    if state.model is None:
        return None
    name, shipped = state.model.snapshot.run, state.model.origin == "shipped"
    return next((run for run in state.runs if (run.name, run.shipped) == (name, shipped)), None)


def _kept(state: StudioState, run: KeptRun | None) -> LatentMetricsState | None:
    """The metrics kept with the run, if they are of this step and of the current data set.

    If no data set is loaded, those of the run's own data set count.
    """
    if state.snapshot is None or run is None or run.record is None:
        return None
    dataset = state.data.dataset
    if dataset is not None and run.difference(dataset):
        return None  # the files of the run's data set were replaced
    origin = run.origin if dataset is None else dataset.origin
    table = run.latent_metrics(state.snapshot.step, origin)
    if table is None:
        return None
    return LatentMetricsState(state.snapshot, dataset, run.record.dataset_title or origin, table)


def _measured(subject: Subject, measures: NDArray[np.float32] | None, progress: Progress) -> Measured:
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
