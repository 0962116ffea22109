"""Metrics over the whole test set: of the shown model on request, and of each training that has ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QTimer

from aestudio.gui.state.effects.reactions import MeasureTestSet
from aestudio.gui.state.measured_state import EvaluationState
from aestudio.gui.state.shown_evaluation import keeps_metrics, live_at, same_weights, shown_evaluation
from aestudio.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate

TASK = "evaluation"
# After a training the window is refreshed once more first.
REST_MILLISECONDS = 1500


@dataclass(frozen=True)
class _Measured:
    """table: as `metrics_of` returns it; kept: whether the run's record has it now."""

    table: Mapping[str, Any]
    kept: bool


class EvaluationController:
    """Puts `state.test_set` into the state, and keeps it with the run if it is the run's own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rest = QTimer(store)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.timeout.connect(self._measure_trained)
        store.react_with(MeasureTestSet, lambda reaction: self._wait(reaction.waits))

    def close(self) -> None:
        """Start no more measurements."""
        self._rest.stop()

    def measure(self) -> None:
        """Measure the shown weights on all test images."""
        state = self._store.state
        if state.snapshot is None or state.dataset is None:
            text = translate("session", "Metrics need a model and a data set.")
            self._store.show_message(text, "warn")
            return
        other = state.test_set.under_way
        if other is not None and not same_weights(other, state.snapshot):
            text = translate("session", "Another model is being measured: {}, step {}.")
            self._store.show_message(text.format(printable(other.run), f"{other.step:,}"), "warn")
            return
        self._run(state.snapshot, state.dataset, state.shown_run)

    def cancel(self) -> None:
        """Stop measuring; what was known stays."""
        if TASK in self._store.state.tasks:
            self._store.tasks.cancel(TASK)

    def _wait(self, waits: bool) -> None:
        if waits:
            self._rest.start()
        else:
            self._rest.stop()
            self.cancel()

    def _measure_trained(self) -> None:
        """Measure what the training left, whether it is on the screen or not."""
        state = self._store.state
        snapshot, dataset = state.training.snapshot, state.training_data.dataset
        known = state.shows_newest and shown_evaluation(state) is not None
        if not state.is_training and snapshot is not None and dataset is not None and not known:
            self._run(snapshot, dataset, state.training)

    def _run(self, snapshot: Snapshot, dataset: Dataset, run: RunState) -> None:
        folder, live = run.path, dict(live_at(run, snapshot.step))

        def work(progress: Progress) -> _Measured:
            return _measure(snapshot, live, dataset, folder, progress)

        def after(message: TaskDone) -> None:
            test_set = replace(self._store.state.test_set, under_way=None)
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                measured: _Measured = message.value
                if measured.kept:
                    self._store.intents.refresh_runs()
                test_set = replace(test_set, measured=EvaluationState(snapshot, dataset, measured.table))
            self._store.update(test_set=test_set)

        self._store.update_quietly(test_set=replace(self._store.state.test_set, under_way=snapshot))
        self._store.run_task(TASK, "the test images were being measured", work, after)


def _measure(
    snapshot: Snapshot, live: Mapping[str, float], dataset: Dataset, folder: Path, progress: Progress
) -> _Measured:
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_metrics import metrics_of_snapshot

    table = metrics_of_snapshot(snapshot, live, dataset, progress)
    progress(0, None, "")  # raises if it was cancelled meanwhile: another training may write to the folder
    run = KeptRun.at(folder) if folder.is_dir() else None
    kept = keeps_metrics(run, snapshot, dataset)
    if kept and run is not None:
        run.with_evaluation(table)
    return _Measured(table, kept)
