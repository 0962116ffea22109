"""The state after messages of the threads: pure functions, tested without Qt and torch."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.gui.state.model_state import ExploredModel, widened
from aestudio.gui.state.subject import home_of
from aestudio.training import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.gui.state.comparison_state import ComparedRun, ComparisonPhase, ComparisonState
    from aestudio.gui.state.studio_state import Message, Result, StudioState
    from aestudio.gui.state.training_state import TrainingState


def with_training_events(state: StudioState, happened: Iterable[events.Event]) -> StudioState:
    """The state after events of the current training, in order."""
    happened = tuple(happened)
    model, history = state.model, state.history
    for event in happened:
        if isinstance(event, events.RunMoved) and history.step is not None:
            model = history.present or model  # the checkpoint that is shown is gone with the folder
        history = history.after(event)
        if not isinstance(event, events.SnapshotTaken):
            continue
        snapshot = _at_home(event.snapshot, state.training)
        if history.step is None:
            model = _model_of(snapshot, model)
        else:  # a checkpoint of the history is shown, and stays shown
            history = replace(history, present=_model_of(snapshot, history.present))
    training = after_events(state.training, happened)
    return replace(state, training=training, model=model, history=history)


def after_events(training: TrainingState, happened: Iterable[events.Event]) -> TrainingState:
    """One training after its events, in order; ignores snapshots."""
    points: dict[str, list[events.MetricPoint]] = {"training": [], "validation": []}
    for event in happened:
        if isinstance(event, events.MetricPoint):
            points[event.split].append(event)
        else:
            training = _with_event(training, event)
    return replace(
        training,
        training=training.training.with_points(points["training"]),
        validation=training.validation.with_points(points["validation"]),
    )


def with_comparison_events(
    state: ComparisonState, happened: Mapping[int, Sequence[events.Event]]
) -> ComparisonState:
    """The comparison after events of some of its runs, by their number."""
    if not happened:
        return state
    runs = tuple(_after(run, happened.get(number, ())) for number, run in enumerate(state.runs))
    return replace(state, runs=runs, phase=phase_of(state.phase, runs))


def _after(run: ComparedRun, happened: Sequence[events.Event]) -> ComparedRun:
    if not happened:
        return run
    snapshots = [event.snapshot for event in happened if isinstance(event, events.SnapshotTaken)]
    snapshot = snapshots[-1] if snapshots else run.snapshot
    return replace(run, training=after_events(run.training, happened), snapshot=snapshot)


def phase_of(before: ComparisonPhase, runs: Sequence[ComparedRun]) -> ComparisonPhase:
    """Phase of the whole comparison: paused if every run that has not ended is. `TrainingEnded` ends it."""
    if before in ("idle", "stopping", "ended"):
        return before
    phases = {run.training.phase for run in runs} - {"ended"}
    if not phases:
        return before
    if phases == {"paused"}:
        return "paused"
    return "running" if "running" in phases and before == "preparing" else before


def _at_home(snapshot: events.Snapshot, training: TrainingState) -> events.Snapshot:
    """Add the folder of the run, which the trainer does not know."""
    home = home_of(snapshot.run, training.folder)
    return replace(snapshot, home=home) if home else snapshot


def _model_of(snapshot: events.Snapshot, model: ExploredModel | None) -> ExploredModel:
    # The sliders' ranges stay during a run, so that sliders do not jump while the user drags them.
    same = model is not None and model.snapshot.run_key == snapshot.run_key
    return ExploredModel(
        snapshot, snapshot.recipe.title, "training", model.ranges if same and model else None
    )


def _with_event(training: TrainingState, event: events.Event) -> TrainingState:
    change = _CHANGES.get(type(event))
    return change(training, event) if change else training


def _started(training: TrainingState, event: events.Started) -> TrainingState:
    # The steps after the checkpoint that the run resumes from are about to be repeated.
    return replace(
        training,
        phase="running",
        started=event,
        run=event.run,
        training=training.training.until(event.step),
        validation=training.validation.until(event.step),
    )


def _progress(training: TrainingState, event: events.TrainingProgress) -> TrainingState:
    phase = "running" if training.phase == "paused" else training.phase
    return replace(training, progress=event, phase=phase)


def _paused(training: TrainingState, event: events.Paused) -> TrainingState:
    progress = training.progress
    if training.started is not None:
        epoch = event.step / training.started.steps_per_epoch
        if progress is None:  # paused before the first one
            rate = training.live.get("learning_rate", 0.0)
            progress = events.TrainingProgress(event.step, epoch, 0.0, math.inf, 0, rate)
        progress = replace(progress, step=event.step, epoch=epoch, images_per_second=0.0)
    phase = training.phase if training.phase == "stopping" else "paused"
    return replace(training, phase=phase, progress=progress)


def _live_change(training: TrainingState, event: events.LiveChange) -> TrainingState:
    return replace(training, live=MappingProxyType({**training.live, event.name: event.value}))


def _checkpoint(training: TrainingState, event: events.CheckpointTaken) -> TrainingState:
    return replace(training, checkpoint=event.checkpoint)


def _moved(training: TrainingState, event: events.RunMoved) -> TrainingState:
    return replace(training, folder=event.folder)


def _ended(training: TrainingState, event: events.Ended) -> TrainingState:
    return replace(training, phase="ended", ended=event)


_CHANGES: dict[type, Callable[[TrainingState, Any], TrainingState]] = {
    events.Started: _started,
    events.TrainingProgress: _progress,
    events.Paused: _paused,
    events.LiveChange: _live_change,
    events.CheckpointTaken: _checkpoint,
    events.RunMoved: _moved,
    events.Ended: _ended,
}


def with_result(state: StudioState, channel: str, result: Result) -> StudioState:
    """The state after a result; a result with a problem keeps the older value on the screen.

    A result of a run or of images that are no longer shown is dropped.
    """
    pending = state.pending
    if not result.more and pending.get(channel) == result.request:
        pending = MappingProxyType({name: one for name, one in pending.items() if name != channel})
    if not state.shows(result.request.subject):
        return replace(state, pending=pending)
    if result.problem is not None and channel in state.results:
        result = replace(state.results[channel], problem=result.problem, failed=result.request)
    results = MappingProxyType({**state.results, channel: result})
    return replace(state, results=results, pending=pending)


def with_ranges(state: StudioState, ranges: NDArray[np.float32]) -> StudioState:
    """The state with new ranges of the sliders, float32 (L, 2).

    During a training they only grow. Those of a checkpoint of the
    history are not taken: the sliders must not jump while the user goes through it.
    """
    if state.model is None or (state.model.ranges is not None and state.history.step is not None):
        return state
    old = state.model.ranges
    if old is not None and len(old) == len(ranges):
        ranges = widened(old, ranges) if state.training.active else ranges
        if np.array_equal(old, ranges):
            return state
    return replace(state, model=replace(state.model, ranges=ranges))


def with_message(state: StudioState, message: Message) -> StudioState:
    """The state with another line at the foot of the window."""
    return state if state.message == message else replace(state, message=message)
