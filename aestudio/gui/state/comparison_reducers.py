"""The comparison after events of its trainings: pure functions, tested without Qt and torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.reducers import after_events
from aestudio.training.events import SnapshotTaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aestudio.gui.state.comparison_state import ComparedRun, ComparisonPhase, ComparisonState
    from aestudio.training.events import Event


def with_comparison_events(
    state: ComparisonState, happened: Mapping[int, Sequence[Event]]
) -> ComparisonState:
    """The comparison after events of some of its runs, by their number."""
    if not happened:
        return state
    comparison = tuple(
        _after(compared_run, happened.get(number, ())) for number, compared_run in enumerate(state.runs)
    )
    return replace(state, runs=comparison, phase=phase_of(state.phase, comparison))


def _after(compared_run: ComparedRun, events: Iterable[Event]) -> ComparedRun:
    events = tuple(events)
    if not events:
        return compared_run
    snapshots = [event.snapshot for event in events if isinstance(event, SnapshotTaken)]
    snapshot = snapshots[-1] if snapshots else compared_run.snapshot
    return replace(compared_run, training=after_events(compared_run.training, events), snapshot=snapshot)


def phase_of(before: ComparisonPhase, comparison: Sequence[ComparedRun]) -> ComparisonPhase:
    """Phase of the whole comparison: paused if every run that has not ended is. `ComparisonEnded` ends it."""
    if before in ("idle", "stopping", "ended"):
        return before
    phases = {compared_run.training.phase for compared_run in comparison} - {"ended"}
    if not phases:
        return before
    if phases == {"paused"}:
        return "paused"
    return "running" if "running" in phases and before == "preparing" else before
