"""The metrics of the latent space are those of the shown model: kept with its run, or measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import (
    LatentSubject,
    MeasureLatent,
    Reaction,
    ShowKeptMetrics,
    StopMeasuring,
)
from aestudio.gui.state.studio_state import LatentMetricsState

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun


def measure_latent(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Show what is known, measure what is not, and leave the cores to a training."""
    # A checkpoint of the history is shown briefly, and its metrics are not those of the run.
    if after.training.active or after.is_training or after.history.step is not None:
        return (StopMeasuring(),)
    run = _run_of(after)
    kept = _kept(after, run)
    if kept is not None:
        known = after.latent_metrics is not None and after.latent_metrics.table is kept.table
        return (MeasureLatent(None),) if known else (MeasureLatent(None), ShowKeptMetrics(kept))
    if after.snapshot is None or after.dataset is None or not after.inference_ready:
        return (MeasureLatent(None),)
    folder = None if run is None else run.folder
    return (MeasureLatent(LatentSubject(after.snapshot, after.dataset, folder, run)),)


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
