"""The state after messages of the threads: pure functions, tested without Qt and torch."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.state.model_state import ExploredModel, widened
from aestudio.gui.state.subject import home_of
from aestudio.gui.state.training_group import runs_of, with_runs
from aestudio.recipes.run_titles import title_among
from aestudio.training import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.gui.state.run_state import RunState, TrainingGroup
    from aestudio.gui.state.studio_state import Message, Result, StudioState


def with_training_events(
    state: StudioState, happened: Mapping[int, Sequence[events.Event]], group: TrainingGroup = "training"
) -> StudioState:
    """The state after events of the runs of a group, in order, by the number of the run."""
    runs = enumerate(runs_of(state, group))
    after = [after_events(run, happened.get(number, ())) for number, run in runs]
    return with_runs(_with_model(state, happened.get(0, ())) if group == "training" else state, group, after)


def after_events(run: RunState, happened: Sequence[events.Event]) -> RunState:
    """One run after its events, in order."""
    if not happened:
        return run
    points: dict[str, list[events.MetricPoint]] = {"training": [], "validation": []}
    for event in happened:
        if isinstance(event, events.MetricPoint):
            points[event.split].append(event)
        else:
            run = _with_event(run, event)
    return replace(
        run,
        training=run.training.with_points(points["training"]),
        validation=run.validation.with_points(points["validation"]),
        code_uses=run.code_uses
        + tuple(point for point in points["validation"] if point.code_use is not None),
    )


def _with_model(state: StudioState, happened: Sequence[events.Event]) -> StudioState:
    """The newest snapshot of the single run is the model, with its history; on the screen if that is."""
    hidden = state.hidden_training
    model, history = (state.model, state.history) if hidden is None else (hidden.model, hidden.history)
    for event in happened:
        if isinstance(event, events.MetricPoint):
            continue  # nearly all events are points of the curves
        if isinstance(event, events.RunMoved) and history.step is not None:
            model = history.present or model  # the checkpoint that is shown is gone with the folder
        history = history.after(event)
        if not isinstance(event, events.SnapshotTaken):
            continue
        snapshot = _at_home(event.snapshot, state.training)
        if history.step is None:
            model = _model_of(snapshot, model, state)
        else:  # a checkpoint of the history is shown, and stays shown
            history = replace(history, present=_model_of(snapshot, history.present, state))
    if hidden is None:
        return replace(state, model=model, history=history)
    return replace(state, hidden_training=replace(hidden, model=model, history=history))


def _at_home(snapshot: events.Snapshot, training: RunState) -> events.Snapshot:
    """Add the folder of the run, which the trainer does not know."""
    home = home_of(snapshot.run, training.folder)
    return replace(snapshot, home=home) if home else snapshot


def _model_of(snapshot: events.Snapshot, model: ExploredModel | None, state: StudioState) -> ExploredModel:
    # The sliders' ranges stay during a run, so that sliders do not jump while the user drags them; a resumed
    # run keeps its title.
    if model is None or model.snapshot.run_key != snapshot.run_key:
        return ExploredModel(snapshot, title_among(snapshot.recipe, state.recipes), "training")
    return ExploredModel(snapshot, model.title, "training", model.ranges)


def _with_event(run: RunState, event: events.Event) -> RunState:
    match event:
        case events.Started():
            return _started(run, event)
        case events.TrainingProgress():
            return replace(run, progress=event, phase="running" if run.phase == "paused" else run.phase)
        case events.Paused():
            return _paused(run, event)
        case events.LiveChange():
            live = MappingProxyType({**run.live, event.name: event.value})
            return replace(run, live=live, changes=(*run.changes, event))
        case events.SabotageBegun():
            return replace(run, sabotage=event.applied, guess="")
        case events.CheckpointTaken():
            return replace(run, checkpoint=event.checkpoint)
        case events.SnapshotTaken():
            return replace(run, snapshot=event.snapshot)
        case events.RunMoved():
            return replace(run, folder=event.folder)
        case events.Ended():
            return replace(run, ended=event)
        case _:
            return run


def _started(run: RunState, event: events.Started) -> RunState:
    # The steps after the checkpoint that the run resumes from are about to be repeated. Of the changes at its
    # own step it has those that the checkpoint has.
    live = run.live if run.checkpoint is None else run.checkpoint.live
    return replace(
        run,
        phase="stopping" if run.phase == "stopping" else "running",
        started=event,
        run=event.run,
        training=run.training.until(event.step),
        validation=run.validation.until(event.step),
        changes=tuple(
            change
            for change in run.changes
            if change.step < event.step
            or (change.step == event.step and live.get(change.name) == change.value)
        ),
        code_uses=tuple(point for point in run.code_uses if point.step <= event.step),
        opened=None,
        sabotage=event.sabotage,
    )


def _paused(run: RunState, event: events.Paused) -> RunState:
    progress = run.progress
    if run.started is not None:
        epoch = event.step / run.started.steps_per_epoch
        if progress is None:  # paused before the first one
            rate = run.live.get("learning_rate", 0.0)
            progress = events.TrainingProgress(event.step, epoch, 0.0, math.inf, 0, rate)
        progress = replace(progress, step=event.step, epoch=epoch, images_per_second=0.0)
    phase = "stopping" if run.phase == "stopping" else "paused"
    return replace(run, phase=phase, progress=progress, pause=event)


def with_result(state: StudioState, channel: str, result: Result) -> StudioState:
    """The state after a result; a result with a problem keeps the older value on the screen.

    A result that is not taken (`takes`) changes only what is pending.
    """
    taken, pending = takes(state, channel, result), state.pending
    if not result.more and pending.get(channel) == result.request:
        pending = MappingProxyType({name: one for name, one in pending.items() if name != channel})
    if not taken:
        return replace(state, pending=pending)
    if result.problem is not None and channel in state.results:
        result = replace(state.results[channel], problem=result.problem, failed=result.request)
    results = MappingProxyType({**state.results, channel: result})
    return replace(state, results=results, pending=pending)


def takes(state: StudioState, channel: str, result: Result) -> bool:
    """Whether a result is shown: not if it is about another run, or about images that are no longer shown.

    Nor if something else was asked for since, and it would lead away from the shown step: a late answer
    about the history must not replace what is there of the newest step.
    """
    subject, known = result.request.subject, state.results.get(channel)
    if not state.shows(subject):
        return False
    if known is None or subject.comparison or state.pending.get(channel) == result.request:
        return True
    now = None if state.snapshot is None else state.snapshot.step
    if now is None or subject.step is None or known.step is None:
        return True
    return abs(subject.step - now) <= abs(known.step - now)


def with_ranges(state: StudioState, ranges: NDArray[np.float32]) -> StudioState:
    """The state with new ranges of the sliders, float32 (L, 2).

    During a training they only grow. Those of a checkpoint of the
    history are not taken: the sliders must not jump while the user goes through it.
    """
    if state.model is None or (state.model.ranges is not None and state.history.step is not None):
        return state
    old = state.model.ranges
    if old is not None and len(old) == len(ranges):
        ranges = widened(old, ranges) if state.shown_run.active else ranges
        if np.array_equal(old, ranges):
            return state
    return replace(state, model=replace(state.model, ranges=ranges))


def with_message(state: StudioState, message: Message) -> StudioState:
    """The state with another line at the foot of the window."""
    return state if state.message == message else replace(state, message=message)
