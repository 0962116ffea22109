"""The state after messages of threads, without Qt and torch."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import with_message, with_result, with_training_events
from aestudio.gui.state.studio_state import Message, Result, StudioState
from aestudio.gui.state.subject import Subject
from aestudio.gui.state.training_group import with_end
from aestudio.recipes.library import find_recipe
from aestudio.training.events import (
    Checkpoint,
    CheckpointTaken,
    Ended,
    LiveChange,
    MetricPoint,
    Paused,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
)

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState
    from aestudio.training.events import Event

STARTED = Started("run 1", "cpu", 0, 10, 3, 1000, 640, 64)
RECIPE = find_recipe("vae")


@pytest.fixture
def state() -> StudioState:
    return StudioState(recipe=RECIPE)


def after(state: StudioState, *events: Event) -> RunState:
    """The training after these events."""
    return with_training_events(state, {0: events}).training


def progress(step: int) -> TrainingProgress:
    return TrainingProgress(step, step / 10, 5000.0, 3.0, 0, 1e-3)


def snapshot(run: str, step: int = 0) -> Snapshot:
    return Snapshot(run, RECIPE, step, step / 10, {}, data=MNIST)


def point(split: str, step: int) -> MetricPoint:
    return MetricPoint(split, step, step / 10, {"loss": float(step)})  # type: ignore[arg-type]


def test_the_reducers_import_neither_qt_nor_torch() -> None:
    code = (
        "import sys, aestudio.gui.state.reducers, aestudio.gui.state.studio_state;"
        "sys.exit(any(name in sys.modules for name in ('PySide6', 'torch', 'pyqtgraph')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_event_changes_no_part(state: StudioState) -> None:
    training = after(state)
    assert training.training is state.training.training
    assert training.validation is state.training.validation


def test_started_runs(state: StudioState) -> None:
    training = after(state, STARTED)
    assert (training.phase, training.run, training.started) == ("running", "run 1", STARTED)
    assert training.active


def test_points_go_to_their_split_in_order(state: StudioState) -> None:
    training = after(state, point("training", 1), point("validation", 2), point("training", 3))
    assert training.training.step.tolist() == [1, 3]
    assert training.validation.step.tolist() == [2]


def test_the_older_state_is_not_changed(state: StudioState) -> None:
    older = with_training_events(state, {0: [point("training", 1)]})
    with_training_events(older, {0: [point("training", 2), STARTED]})
    assert older.training.training.step.tolist() == [1]
    assert older.training.phase == "idle"


def test_a_pause_shows_its_step_and_progress_resumes(state: StudioState) -> None:
    paused = after(state, STARTED, progress(4), Paused(5))
    assert paused.phase == "paused"
    assert paused.progress is not None
    assert (paused.progress.step, paused.progress.epoch, paused.progress.images_per_second) == (5, 0.5, 0.0)
    assert after(state, STARTED, Paused(5), progress(6)).phase == "running"


def test_a_pause_before_the_first_progress_has_a_step_as_well(state: StudioState) -> None:
    paused = after(state, STARTED, Paused(1))
    assert paused.progress is not None
    assert paused.progress.step == 1
    assert math.isinf(paused.progress.seconds_left)


def test_a_run_that_is_stopping_stays_so_until_it_ended(state: StudioState) -> None:
    stopping = replace(state, training=replace(state.training, phase="stopping", started=STARTED))
    assert after(stopping, Paused(3), progress(4)).phase == "stopping"
    ended = Ended("stopped", 4, 0.4, 1.0)
    state = with_training_events(stopping, {0: [Paused(3), ended]})
    assert (state.training.phase, state.training.ended) == ("stopping", ended)
    training = with_end(state, "training", None).training
    assert (training.phase, training.ended, training.active) == ("ended", ended, False)


def test_live_changes_are_kept_beside_one_another(state: StudioState) -> None:
    training = after(state, LiveChange(1, "beta", 2.0), LiveChange(2, "learning_rate", 0.1))
    assert dict(training.live) == {"beta": 2.0, "learning_rate": 0.1}
    assert dict(state.training.live) == {}


def test_a_checkpoint_is_what_to_go_on_from(state: StudioState) -> None:
    checkpoint = Checkpoint(snapshot("run 1"), {}, np.zeros(1, np.uint8), {}, {})
    assert after(state, CheckpointTaken(checkpoint)).checkpoint is checkpoint


def test_the_newest_snapshot_is_the_model_and_keeps_its_runs_ranges(state: StudioState) -> None:
    ranges = np.ones((32, 2), np.float32)
    before = replace(state, model=ExploredModel(snapshot("run 1"), "x", "training", ranges))
    newest = snapshot("run 1", 9)
    taken = [SnapshotTaken(snapshot("run 1", 5)), SnapshotTaken(newest)]
    model = with_training_events(before, {0: taken}).model
    assert model is not None
    assert (model.snapshot, model.origin, model.title) == (newest, "training", "x")
    assert model.ranges is ranges
    other = with_training_events(before, {0: [SnapshotTaken(snapshot("run 2"))]}).model
    assert other is not None
    assert other.ranges is None


ABOUT_NOTHING = Subject(())


@dataclass(frozen=True)
class Q:
    """A question of this word."""

    word: str
    subject: Subject = ABOUT_NOTHING


def test_a_result_replaces_the_result_of_its_channel(state: StudioState) -> None:
    asked = replace(state, pending={"map": Q("where?"), "grid": Q("what?")})
    answered = with_result(asked, "map", Result(Q("where?"), value=1))
    assert answered.value("map") == 1
    assert set(answered.pending) == {"grid"}
    assert asked.value("map") is None
    assert with_result(asked, "map", Result(Q("where?"), value=1, more=True)).pending == asked.pending
    earlier = with_result(asked, "map", Result(Q("where was it?"), value=1))
    assert earlier.pending == asked.pending, "a newer request of the channel waits"


def test_a_problem_keeps_the_older_value_and_reports_which_request_failed(state: StudioState) -> None:
    problem = StudioError("cannot be")
    first = with_result(state, "map", Result(Q("q1"), value=1))
    failed = with_result(first, "map", Result(Q("q2"), problem=problem)).results["map"]
    assert (failed.request, failed.value, failed.problem, failed.failed) == (Q("q1"), 1, problem, Q("q2"))
    again = with_result(first, "map", Result(Q("q3"), value=3)).results["map"]
    assert (again.value, again.problem, again.failed) == (3, None, None)
    alone = with_result(state, "map", Result(Q("q2"), problem=problem)).results["map"]
    assert (alone.request, alone.value, alone.problem) == (Q("q2"), None, problem)


def test_the_same_message_is_no_new_state(state: StudioState) -> None:
    said = with_message(state, Message("Done.", "good"))
    assert said.message.text == "Done."
    assert with_message(said, Message("Done.", "good")) is said
