"""Which step a part shows, how old it is, and which late answers are not taken: pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import takes, with_result
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown_step import ShownStep, step_of_channels, step_of_point, with_step_times
from aestudio.gui.state.step_times import MOST, StepTimes
from aestudio.gui.state.studio_state import Exploration, Result, StudioState
from aestudio.gui.state.subject import Subject
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

RECIPE = find_recipe("vae")


@dataclass(frozen=True)
class Asked:
    channel: str
    subject: Subject
    detail: int = 0


def snapshot(step: int, run: str = "run") -> Snapshot:
    return Snapshot(run, RECIPE, step, 0.0, {}, data=MNIST)


def training_at(step: int, state: StudioState | None = None) -> StudioState:
    state = state or StudioState(recipe=RECIPE, training=RunState(phase="running"))
    return replace(state, model=ExploredModel(snapshot(step), "VAE", "training"))


def with_value(state: StudioState, channel: str, step: int, value: Any = 1) -> StudioState:
    result = Result(Asked(channel, Subject.of(snapshot(step))), value)
    return replace(state, results=MappingProxyType({**state.results, channel: result}))


# ---- times of steps -------------------------------------------------------------------------------------


def test_a_step_is_known_by_the_time_when_it_came() -> None:
    times = StepTimes().at(10, 1.0).at(20, 2.0).at(20, 9.0).at(35, 3.0)
    assert [times.of(step) for step in (10, 20, 35, 11)] == [1.0, 2.0, 3.0, None]


def test_steps_that_are_repeated_are_forgotten() -> None:
    times = StepTimes().at(10, 1.0).at(20, 2.0).at(30, 3.0).at(20, 4.0)
    assert (times.steps, times.times) == ((10, 20), (1.0, 4.0))


def test_only_the_newest_steps_are_remembered() -> None:
    times = StepTimes()
    for step in range(2 * MOST):
        times = times.at(step, float(step))
    assert len(times.steps) == len(times.times) == MOST
    assert times.of(2 * MOST - 1) == 2 * MOST - 1


def test_the_times_are_those_of_the_trained_run_only() -> None:
    state = StudioState(recipe=RECIPE)
    kept = replace(state, model=ExploredModel(snapshot(7, "kept"), "VAE", "kept"))
    assert with_step_times(state, kept, 1.0) is kept
    first = with_step_times(kept, training_at(100, kept), 2.0)
    second = with_step_times(first, training_at(150, first), 2.5)
    (times,) = second.step_times.values()
    assert (times.steps, times.times) == ((100, 150), (2.0, 2.5))
    other = replace(second, model=ExploredModel(snapshot(0, "next"), "VAE", "training"))
    (times,) = with_step_times(second, other, 3.0).step_times.values()
    assert times.steps == (0,), "of the run before nothing is kept"


def test_going_through_the_history_is_no_training() -> None:
    now = with_step_times(StudioState(recipe=RECIPE), training_at(100), 1.0)
    past = replace(
        now,
        model=ExploredModel(snapshot(40), "VAE", "training"),
        history=HistoryState("run", step=40, present=now.model),
    )
    (times,) = with_step_times(now, past, 2.0).step_times.values()
    assert times.steps == (100,)


# ---- the step of a part ---------------------------------------------------------------------------------


def test_a_part_is_as_old_as_the_oldest_of_what_it_shows() -> None:
    state = StudioState(recipe=RECIPE)
    for step, time in ((100, 1.0), (150, 1.5), (200, 2.0)):
        state = with_step_times(
            state, training_at(step, replace(state, training=RunState(phase="running"))), time
        )
    state = with_value(with_value(state, "map", 150), "overlay", 100)
    assert step_of_channels(state, "map") == ShownStep(150, 200, 1.5, True)
    assert step_of_channels(state, "map", "overlay") == ShownStep(100, 200, 1.0, True)
    assert step_of_channels(state, "map", "overlay", "nothing").step == 100
    assert step_of_channels(state, "nothing") == ShownStep(None, 200)


def test_a_value_without_a_step_or_without_a_run_has_no_step() -> None:
    state = training_at(100)
    images = Result(Asked("augmented", Subject((), of_images=True)), 1)
    state = replace(state, results=MappingProxyType({"augmented": images}))
    assert step_of_channels(state, "augmented").step is None
    assert step_of_channels(with_value(state, "map", 50, value=None), "map").step is None


def test_while_an_earlier_step_is_shown_nothing_has_an_age() -> None:
    state = with_step_times(StudioState(recipe=RECIPE), training_at(100), 1.0)
    past = replace(
        with_value(state, "map", 100),
        model=ExploredModel(snapshot(40), "VAE", "training"),
        history=HistoryState("run", step=40, present=state.model),
    )
    assert step_of_channels(past, "map") == ShownStep(100, 40, None, False)


def test_the_decoded_image_has_the_step_of_its_weights() -> None:
    state = with_step_times(StudioState(recipe=RECIPE), training_at(100), 1.0)
    assert step_of_point(state).step is None
    shown = replace(state, exploration=Exploration(image=object(), step=100))  # type: ignore[arg-type]
    assert step_of_point(training_at(150, shown)) == ShownStep(100, 150, 1.0, True)


# ---- late answers ---------------------------------------------------------------------------------------


def test_a_late_answer_about_the_history_does_not_replace_the_newest_step() -> None:
    state = with_value(training_at(100), "map", 100)
    late = Result(Asked("map", Subject.of(snapshot(40))), "past")
    assert not takes(state, "map", late)
    assert with_result(state, "map", late).value("map") == 1


def test_an_answer_of_another_run_is_not_taken_and_no_longer_pending() -> None:
    asked = Asked("map", Subject.of(snapshot(100, "other")))
    state = replace(training_at(100), pending=MappingProxyType({"map": asked}))
    after = with_result(state, "map", Result(asked, "other"))
    assert "map" not in after.results
    assert "map" not in after.pending


@pytest.mark.parametrize(("shown", "answer", "taken"), [(50, 80, True), (80, 50, False), (80, 80, True)])
def test_while_training_an_answer_that_is_nearer_to_the_newest_step_is_taken(
    shown: int, answer: int, taken: bool
) -> None:
    newest = Asked("map", Subject.of(snapshot(100)))
    state = replace(with_value(training_at(100), "map", shown), pending=MappingProxyType({"map": newest}))
    assert takes(state, "map", Result(Asked("map", Subject.of(snapshot(answer))), 2)) is taken


def test_what_was_asked_for_is_always_taken() -> None:
    """As of a checkpoint of the history, while the newest step is still on the screen."""
    past = Asked("map", Subject.of(snapshot(40)))
    state = replace(with_value(training_at(100), "map", 100), pending=MappingProxyType({"map": past}))
    assert takes(state, "map", Result(past, "past"))
