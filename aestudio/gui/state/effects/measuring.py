"""The metrics of the latent space are those of the shown model: kept with its run, or measured.

A training that came to its end is measured on the test set, as by `aestudio train`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import (
    MeasureLatent,
    MeasureTestSet,
    Reaction,
    ShowKeptMetrics,
    StopMeasuring,
)
from aestudio.gui.state.studio_state import LatentMetricsState, LatentSubject
from aestudio.gui.state.subject import home_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun


def measure_latent(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Show what is known, measure what is not, and leave the cores to a training."""
    if all(one is other for one, other in zip(_concerned(before), _concerned(after), strict=True)):
        return ()
    kept = None if after.history.step is not None else _kept(after, _run_of(after))
    if _busy(after) and (kept is None or after.shown_run.active):
        return (StopMeasuring(),)
    subject = latent_subject(after)
    known = kept is None or (after.latent_metrics is not None and after.latent_metrics.table is kept.table)
    shown = () if kept is None or known else (ShowKeptMetrics(kept),)
    return shown if subject == latent_subject(before) else (MeasureLatent(subject is not None), *shown)


def measure_test_set(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """A training has ended by itself, or another one needs the cores."""
    if before.training is after.training and before.comparison is after.comparison:
        return ()
    if after.is_training:
        return () if before.is_training else (MeasureTestSet(False),)
    ended = after.training.ended
    if before.training.phase == after.training.phase or after.training.phase != "ended" or ended is None:
        return ()
    return () if ended.reason == "stopped" or ended.problem is not None else (MeasureTestSet(True),)


def latent_subject(state: StudioState) -> LatentSubject | None:
    """The latent space to measure; None if it cannot be now, is known, or was tried."""
    run = _run_of(state)
    if _busy(state) or state.snapshot is None or state.dataset is None or not state.inference_ready:
        return None
    if _kept(state, run) is not None:
        return None
    subject = LatentSubject(state.snapshot, state.dataset, None if run is None else run.folder, run)
    return None if subject == state.latent_tried else subject


def _busy(state: StudioState) -> bool:
    """Whether a training needs the cores, or a checkpoint is shown, whose metrics are not the run's."""
    return state.training.active or state.is_training or state.history.step is not None


def _concerned(state: StudioState) -> tuple[object, ...]:
    """All that decides what is shown and measured."""
    loaded, runs, ready = state.data.dataset, state.runs, state.inference_ready
    return _busy(state), state.model, loaded, runs, ready, state.latent_metrics, state.latent_tried


def _run_of(state: StudioState) -> KeptRun | None:
    """The run of the current model, from the list of runs; one of its name in another folder is not it."""
    if state.model is None:
        return None
    run = state.model.snapshot
    return next(
        (one for one in state.runs if (one.name, home_of(one.name, one.folder)) == (run.run, run.home)), None
    )


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
