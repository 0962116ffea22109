"""How the twins answer to what their trainings say: pure functions, tested without Qt and torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.reducers import after_events
from aestudio.training.events import SnapshotTaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState, TwinsPhase
    from aestudio.training.events import Event


def with_comparison_events(
    state: ComparisonState, happened: Mapping[int, Sequence[Event]]
) -> ComparisonState:
    """The twins after events of some of them, by their number."""
    if not happened:
        return state
    twins = tuple(_after(twin, happened.get(number, ())) for number, twin in enumerate(state.twins))
    return replace(state, twins=twins, phase=phase_of(state.phase, twins))


def _after(twin: ComparedRun, events: Iterable[Event]) -> ComparedRun:
    events = tuple(events)
    if not events:
        return twin
    snapshots = [event.snapshot for event in events if isinstance(event, SnapshotTaken)]
    snapshot = snapshots[-1] if snapshots else twin.snapshot
    return replace(twin, training=after_events(twin.training, events), snapshot=snapshot)


def phase_of(before: TwinsPhase, twins: Sequence[ComparedRun]) -> TwinsPhase:
    """Of all together: paused when all that have not ended are; the end is told by whoever drives them."""
    if before in ("idle", "stopping", "ended"):
        return before
    phases = {twin.training.phase for twin in twins} - {"ended"}
    if not phases:
        return before
    if phases == {"paused"}:
        return "paused"
    return "running" if "running" in phases and before == "preparing" else before
