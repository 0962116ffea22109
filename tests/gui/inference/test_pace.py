"""Slow requests are paced while snapshots keep coming."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference import pace as pace_module
from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonState
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import StudioState
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Ended, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Advance the clock that the pace reads."""
    now = [100.0]
    monkeypatch.setattr(pace_module.time, "monotonic", lambda: now[0])

    def advance(seconds: float) -> None:
        now[0] += seconds

    return advance


def _state(snapshot: Snapshot, phase: str = "running", pending: Iterable[str] = ()) -> StudioState:
    training = RunState(phase=phase)  # type: ignore[arg-type]
    model = ExploredModel(snapshot, "", "training")
    return StudioState(recipe=snapshot.recipe, model=model, training=training, pending=dict.fromkeys(pending))


def _snapshots(count: int, run: str = "run") -> list[Snapshot]:
    recipe = find_recipe("hidden-256")
    return [Snapshot(run, recipe, step, 0.0, {}, data=MNIST) for step in range(count)]


def test_during_a_training_snapshots_are_kept_for_some_seconds(clock: Callable[[float], None]) -> None:
    first, second = _snapshots(2)
    pace = RequestPacing(2.0)
    assert pace.snapshot(_state(first), "slow") is first
    clock(1.0)
    assert pace.snapshot(_state(second), "slow") is first, "too early"
    clock(5.0)
    pending = ("slow",)
    assert pace.snapshot(_state(second, pending=pending), "slow") is second, "it takes the place of the first"


@pytest.mark.parametrize("phase", ["idle", "paused", "ended"])
def test_at_rest_the_newest_is_taken_at_once(phase: str) -> None:
    first, second = _snapshots(2)
    pace = RequestPacing(1000.0)
    pace.snapshot(_state(first), "slow")
    assert pace.snapshot(_state(second, phase, frozenset({"slow"})), "slow") is second


def test_a_snapshot_of_another_run_is_taken_at_once() -> None:
    pace = RequestPacing(1000.0)
    pace.snapshot(_state(_snapshots(1, "old")[0]), "slow")
    other = _snapshots(1, "new")[0]
    assert pace.snapshot(_state(other), "slow") is other


def _comparison(steps: Sequence[int], phase: str = "running") -> StudioState:
    """The state with compared runs at these steps."""
    recipe = find_recipe("hidden-256")
    runs = tuple(
        ComparedRun(
            phase,  # type: ignore[arg-type]
            title="",
            recipe=recipe,
            snapshot=Snapshot(f"run {number}", recipe, step, 0.0, {}, data=MNIST),
        )
        for number, step in enumerate(steps)
    )
    return StudioState(recipe=recipe, comparison=ComparisonState(runs=runs))


def _steps(pace: RequestPacing, state: StudioState) -> list[int]:
    return [snapshot.step for snapshot in pace.compared_snapshots(state, "slow")]


def test_compared_runs_wait_until_all_are_at_one_step(clock: Callable[[float], None]) -> None:
    pace = RequestPacing(2.0)
    assert _steps(pace, _comparison((0, 0))) == [0, 0]
    assert _steps(pace, _comparison((4, 4))) == [0, 0], "too early"
    clock(5.0)
    assert _steps(pace, replace(_comparison((4, 4)), pending=frozenset({"slow"}))) == [0, 0], (
        "not answered yet"
    )
    assert _steps(pace, _comparison((8, 4))) == [0, 0], "of different steps"
    assert _steps(pace, _comparison((8, 8))) == [8, 8]
    assert _steps(pace, _comparison((12, 8), "paused")) == [12, 8], "at rest the newest"
    assert _steps(pace, _comparison(())) == []
    state = _comparison((12, 12))
    first, second = state.comparison.runs
    unbegun = replace(state.comparison, runs=(first, replace(second, snapshot=None)))
    assert _steps(pace, replace(state, comparison=unbegun)) == []


def test_a_compared_run_that_has_ended_is_not_waited_for(clock: Callable[[float], None]) -> None:
    pace = RequestPacing(2.0)
    _steps(pace, _comparison((0, 0)))
    clock(5.0)
    state = _comparison((3, 8))
    first, second = state.comparison.runs
    runs = (replace(first, ended=Ended("diverged", 3, 0.0, 1.0)), second)
    state = replace(state, comparison=replace(state.comparison, runs=runs))
    assert _steps(pace, state) == [3, 8]


def test_without_a_model_there_is_no_snapshot() -> None:
    state = replace(_state(_snapshots(1)[0]), model=None)
    assert RequestPacing(1.0).snapshot(state, "slow") is None


def test_a_checkpoint_is_taken_at_once_also_while_a_training_runs() -> None:
    first, second = _snapshots(2)
    pace = RequestPacing(1000.0)
    pace.snapshot(_state(first), "slow")
    at_checkpoint = replace(_state(second, pending=("slow",)), history=HistoryState("run", step=1))
    assert pace.snapshot(at_checkpoint, "slow") is second


def test_an_animation_waits_for_the_result_only() -> None:
    first, second = _snapshots(2)
    pace = RequestPacing(1000.0)
    pace.snapshot(_state(first, "ended"), "slow")
    playing = HistoryState("run", step=1, playing=True)
    pending = replace(_state(second, "ended", frozenset({"slow"})), history=playing)
    assert pace.snapshot(pending, "slow") is first
    assert pace.snapshot(replace(pending, pending={}), "slow") is second
