"""Which run is on the screen: that of the training, or another one beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.curve_recipe import recipe_of_curves, recipe_of_training
from aestudio.gui.state.effects.keeping import follow_lists
from aestudio.gui.state.effects.reactions import FollowLists
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import with_ranges, with_training_events
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown_run import (
    trained_at,
    with_opened,
    with_training_put_away,
    with_training_shown,
)
from aestudio.gui.state.shown_step import with_step_times
from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.state.studio_state import DataState, StudioState
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.training.checkpoint_history import HistoryCheckpoint
from aestudio.training.events import (
    Ended,
    HistoryCheckpointKept,
    MetricPoint,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.training.events import Event

VAE, DEEP = find_recipe("vae"), find_recipe("deep-ae")
STARTED = Started("mine", "cpu", 0, 10, 3, 1000, 640, 64)


def model(run: str, step: int, recipe: Any = VAE, origin: Any = "training") -> ExploredModel:
    return ExploredModel(Snapshot(run, recipe, step, step / 10, {}, data=MNIST), recipe.title, origin)


def checkpoint(step: int) -> HistoryCheckpoint:
    return HistoryCheckpoint(step, step / 10, 100)


def after(state: StudioState, *events: Event) -> StudioState:
    return with_training_events(state, {0: events})


def progress(step: int) -> TrainingProgress:
    return TrainingProgress(step, step / 10, 5000.0, 3.0, 0, 1e-3)


@pytest.fixture
def trained() -> StudioState:
    """A VAE is being trained, at step 4, and is on the screen."""
    state = StudioState(recipe=VAE, training=RunState("preparing"))
    return after(
        state,
        STARTED,
        HistoryCheckpointKept(checkpoint(0)),
        HistoryCheckpointKept(checkpoint(4)),
        progress(4),
        SnapshotTaken(model("mine", 4).snapshot),
    )


def opened(state: StudioState, run: str = "old", **parts: Any) -> StudioState:
    """The state after an autoencoder of yesterday was opened."""
    shown = RunState(run=run, **parts)
    return with_opened(state, shown, model(run, 90, DEEP, "kept"), (checkpoint(0), checkpoint(90)))


def test_an_opened_run_takes_the_place_of_a_training_that_has_ended(trained: StudioState) -> None:
    state = opened(replace(trained, training=replace(trained.training, phase="ended")))
    assert state.hidden_training is None
    assert state.recipe is DEEP
    assert state.training.run == state.shown_run.run == "old"
    assert [one.step for one in state.history.history_checkpoints] == [0, 90]


@pytest.mark.parametrize("phase", ["running", "paused", "stopping"])
def test_an_opened_run_hides_a_training_that_goes_on(trained: StudioState, phase: Any) -> None:
    trained = replace(trained, training=replace(trained.training, phase=phase))
    state = opened(trained)
    assert state.training is trained.training
    assert state.recipe is VAE, "the sidebar still is about the training"
    assert state.training_model is trained.model
    assert state.snapshot is not None
    assert (state.snapshot.run, state.shown_run.run) == ("old", "old")
    assert recipe_of_curves(state) is DEEP
    assert recipe_of_training(state) is VAE
    assert trained_title(state) == VAE.title
    assert not state.step_advances
    assert not state.inference_can_wait
    back = with_training_shown(state)
    assert back.model is trained.model
    assert back.hidden_training is None
    assert back.history.history_checkpoints == trained.history.history_checkpoints
    assert with_training_shown(trained) is trained


def test_what_the_training_reports_changes_nothing_on_the_screen(trained: StudioState) -> None:
    before = opened(trained)
    state = after(
        before,
        progress(6),
        MetricPoint("training", 6, 0.6, {"loss": 1.0}),
        HistoryCheckpointKept(checkpoint(6)),
        SnapshotTaken(model("mine", 6).snapshot),
    )
    assert state.model is before.model
    assert state.history is before.history
    assert state.shown_run is before.shown_run
    assert state.training_model is not None
    assert state.training_model.snapshot.step == 6
    back = with_training_shown(state)
    assert back.snapshot is not None
    assert back.snapshot.step == 6
    assert [one.step for one in back.history.history_checkpoints] == [0, 4, 6]
    assert back.training.progress is not None
    assert back.training.progress.step == 6


def test_another_run_takes_the_place_of_the_shown_one_only(trained: StudioState) -> None:
    first = opened(trained)
    second = opened(after(first, SnapshotTaken(model("mine", 8).snapshot)), "older")
    assert second.shown_run.run == "older"
    assert second.training_model is not None
    assert second.training_model.snapshot.step == 8


def test_the_training_is_shown_again_at_its_newest_step(trained: StudioState) -> None:
    ranges = np.array([[-1.0, 1.0]], np.float32)
    past = replace(
        trained,
        model=replace(model("mine", 0), ranges=ranges),
        history=replace(trained.history.showing(0, trained.model), reading=4, playing=True),
    )
    state = opened(past)
    assert state.training_model is not None
    assert state.training_model.snapshot.step == 4
    assert state.training_model.ranges is ranges
    history = with_training_shown(state).history
    assert (history.step, history.reading, history.playing) == (None, None, False)


def test_the_training_keeps_its_images(trained: StudioState) -> None:
    own, others = DataState("mine", "ready"), DataState("others", "loading")
    state = opened(replace(trained, data=own))
    assert state.training_data is own
    assert state.hidden_training is not None
    state = replace(state, data=others, hidden_training=replace(state.hidden_training, data=own))
    assert state.training_data is own
    assert with_training_shown(state).data is own
    assert with_training_shown(replace(state, selected=7)).selected == 0, "there may be fewer images"
    assert with_training_shown(opened(replace(trained, data=own, selected=7))).selected == 7
    ended = replace(state, training=replace(state.training, phase="ended"))
    assert opened(ended, "older").data is own


def test_ranges_of_another_run_do_not_only_grow(trained: StudioState) -> None:
    wide, narrow = np.array([[-9.0, 9.0]], np.float32), np.array([[-1.0, 1.0]], np.float32)
    growing = with_ranges(with_ranges(trained, wide), narrow)
    assert growing.model is not None
    np.testing.assert_array_equal(growing.model.ranges, wide)
    fixed = with_ranges(with_ranges(opened(trained), wide), narrow)
    assert fixed.model is not None
    np.testing.assert_array_equal(fixed.model.ranges, narrow)


def test_the_run_that_is_shown_can_take_the_place_of_a_training_that_has_ended(trained: StudioState) -> None:
    state = opened(trained)
    assert with_training_put_away(state) is state, "it goes on"
    ended = replace(state, training=replace(state.training, phase="ended"))
    after_it = with_training_put_away(ended)
    assert after_it.hidden_training is None
    assert after_it.training is state.shown_run
    assert after_it.recipe is DEEP
    assert after_it.model is state.model


def test_which_run_is_trained_is_known_by_its_folder(trained: StudioState, tmp_path: Path) -> None:
    assert trained_at(trained, runs_folder() / "mine") == "training"
    assert trained_at(trained, tmp_path / "mine") is None
    assert trained_at(opened(trained), runs_folder() / "old") is None
    moved = replace(trained, training=replace(trained.training, folder=tmp_path))
    assert trained_at(moved, tmp_path) == "training"
    ended = Ended("finished", 30, 3.0, 1.0)
    assert trained_at(with_end_of(trained, ended), runs_folder() / "mine") is None


def with_end_of(state: StudioState, ended: Ended) -> StudioState:
    return replace(state, training=replace(state.training, phase="ended", ended=ended))


def test_the_age_of_the_hidden_step_is_known_when_it_is_shown_again(trained: StudioState) -> None:
    hidden = with_step_times(trained, opened(trained), 1.0)
    newer = with_step_times(hidden, after(hidden, SnapshotTaken(model("mine", 6).snapshot)), 2.0)
    back = with_step_times(newer, with_training_shown(newer), 9.0)
    assert back.snapshot is not None
    assert back.step_times[back.snapshot.run_key].of(6) == 2.0


def test_lists_of_another_run_are_not_those_of_a_training_that_is_shown_again(trained: StudioState) -> None:
    state = opened(trained)
    assert follow_lists(trained, state) == (FollowLists(False),)
    assert follow_lists(state, with_training_shown(state)) == (FollowLists(False, returned=True),)
    begun = replace(
        with_training_shown(state), training=replace(state.training, started=replace(STARTED, run="new"))
    )
    assert follow_lists(state, begun) == (FollowLists(False),), "a new training takes them"
