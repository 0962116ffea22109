"""The runs of a group, which are prepared, trained and ended together: pure functions of the state."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aestudio.gui.state.run_state import RunState, phase_of
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.gui.state.run_state import PendingStart, TrainingGroup, TrainingPhase
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe


def runs_of(state: StudioState, group: TrainingGroup) -> tuple[RunState, ...]:
    """The single run, or the compared ones."""
    return (state.training,) if group == "training" else state.comparison.runs


def trained_runs(state: StudioState) -> dict[Path, RunState]:
    """The runs that are being trained or paused, by their folders."""
    runs = runs_of(state, state.trained_group)
    return {run.path: run for run in runs if run.active and run.run and run.ended is None}


def recipes_of(state: StudioState, group: TrainingGroup) -> tuple[Recipe, ...]:
    """What they train."""
    return (state.recipe,) if group == "training" else tuple(run.recipe for run in state.comparison.runs)


def group_phase(state: StudioState, group: TrainingGroup) -> TrainingPhase:
    """Phase of all of them."""
    return phase_of(runs_of(state, group))


def with_runs(state: StudioState, group: TrainingGroup, runs: Iterable[Any]) -> StudioState:
    """The state with other runs of the group."""
    if group == "training":
        (training,) = runs
        return replace(state, training=training)
    return replace(state, comparison=replace(state.comparison, runs=tuple(runs)))


def with_phase(state: StudioState, group: TrainingGroup, phase: TrainingPhase) -> StudioState:
    """The state with this phase of all that have not ended."""
    runs = (run if run.ended is not None else replace(run, phase=phase) for run in runs_of(state, group))
    return with_runs(state, group, runs)


def prepared(state: StudioState, start: PendingStart) -> StudioState:
    """The state in which the runs of this start wait for images and torch.

    Raises StudioError if the planned comparison is not possible.
    """
    state = replace(state, pending_start=start)
    if start.group == "comparison":
        return replace(state, comparison=state.comparison.prepared(state.recipe, state.comparison_context))
    new = RunState(live=MappingProxyType(live_values(state.recipe)))
    run = state.training if state.training.resumable else new
    return replace(state, training=replace(run, phase="preparing", ended=None, problem=None, pause=None))


def without_start(state: StudioState, problem: StudioError | None) -> StudioState:
    """The state in which nothing waits. problem: why it cannot begin, or None"""
    idle = replace(state.training, phase="idle", problem=problem)
    runs = (idle,) if state.trained_group == "training" else ()
    return with_runs(replace(state, pending_start=None), state.trained_group, runs)


def with_problem(state: StudioState, group: TrainingGroup, number: int, problem: StudioError) -> StudioState:
    """The state with a run that cannot be written to its folder now."""
    runs = list(runs_of(state, group))
    runs[number] = replace(runs[number], problem=problem)
    return with_runs(state, group, runs)


def with_end(state: StudioState, group: TrainingGroup, problem: StudioError | None) -> StudioState:
    """The state once their thread has ended. problem: why it ended early, or None"""

    def after(run: RunState) -> RunState:
        if run.ended is None:
            return replace(run, phase="idle", problem=problem, reset_when_stopped=False)
        known = run.ended.problem or run.problem
        return replace(run, phase="ended", problem=known, reset_when_stopped=False)

    return with_runs(state, group, map(after, runs_of(state, group)))
