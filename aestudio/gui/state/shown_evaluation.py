"""What is known of the shown model over the whole test set: measured here, or kept with its run. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun
    from aestudio.training.events import Snapshot


def shown_evaluation(state: StudioState) -> Mapping[str, Any] | None:
    """The table of `runs.run_metrics.metrics_of` for the shown weights and data set; None if unknown."""
    snapshot, measured = state.snapshot, state.test_set.measured
    if snapshot is None:
        return None
    if (
        measured is not None
        and measured.dataset is state.dataset
        and same_weights(measured.snapshot, snapshot)
    ):
        return measured.table
    run = state.shown_run.opened
    kept = None if run is None else run.evaluation(snapshot.step)
    if run is None or kept is None or (state.dataset is not None and run.difference(state.dataset)):
        return None
    return kept


def same_weights(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots are of the same step of the same run."""
    return one is other or (one.run_key, one.step) == (other.run_key, other.step)


def live_at(run: RunState, step: int) -> tuple[tuple[str, float], ...]:
    """The settings that were changed up to this step, with their values then."""
    return tuple(sorted({one.name: one.value for one in run.changes if one.step <= step}.items()))


def keeps_metrics(run: KeptRun | None, snapshot: Snapshot, dataset: Dataset) -> bool:
    """Whether metrics of these weights on this data set are those of the run, to be kept with it."""
    if run is None or run.shipped or run.record is None or run.record.step != snapshot.step:
        return False
    return run.origin == dataset.origin and not run.difference(dataset)
