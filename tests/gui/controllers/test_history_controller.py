"""The history without a window: checkpoints are shown, played, and branched from."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.studio_state import StudioState
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from aestudio.training.checkpoint_history import CheckpointHistory, HistoryCheckpoint
from aestudio.training.events import (
    HistoryCheckpointKept,
    HistoryCheckpointsDropped,
    RunMoved,
    Snapshot,
    SnapshotTaken,
    Started,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.session import Session

    Reach = Callable[[Callable[[], object]], None]

RECIPE = find_recipe("vae")


def started(run: str, step: int = 0) -> Started:
    return Started(run, "cpu", step, 10, 3, 1000, 640, 64)


def kept(step: int) -> HistoryCheckpointKept:
    return HistoryCheckpointKept(HistoryCheckpoint(step, step / 10, 1))


def taken(step: int, run: str = "run") -> SnapshotTaken:
    return SnapshotTaken(Snapshot(run, RECIPE, step, step / 10, {}, data=MNIST))


@pytest.fixture
def running() -> StudioState:
    """A training with five checkpoints, its newest snapshot at step 9, sliders with their ranges."""
    state = StudioState(recipe=RECIPE)
    state = with_training_events(state, {0: [started("run"), *(kept(step) for step in range(5)), taken(9)]})
    assert state.model is not None
    return replace(state, model=replace(state.model, ranges=np.ones((32, 2), np.float32)))


def at(state: StudioState, step: int) -> StudioState:
    """The state while a checkpoint is shown."""
    model = ExploredModel(taken(step).snapshot, "x", "training", state.model.ranges)  # type: ignore[union-attr]
    return replace(state, model=model, history=state.history.showing(step, state.model))


# ---- the state -----------------------------------------------------------------------------------


def test_checkpoints_come_one_by_one_and_the_present_is_shown(running: StudioState) -> None:
    assert [checkpoint.step for checkpoint in running.history.history_checkpoints] == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert (running.history.index, running.history.shown_checkpoint, running.history.usable) == (
        None,
        None,
        True,
    )
    assert running.snapshot is not None
    assert running.snapshot.step == 9


def test_checkpoints_that_a_full_disk_cost_go(running: StudioState) -> None:
    later = with_training_events(running, {0: [HistoryCheckpointsDropped((1, 3, 77))]})
    assert [checkpoint.step for checkpoint in later.history.history_checkpoints] == [0, 2, 4]


def test_a_lost_folder_takes_its_checkpoints_along_and_now_is_shown(running: StudioState) -> None:
    elsewhere = Path("elsewhere")
    later = with_training_events(at(running, 3), {0: [RunMoved(elsewhere), kept(11)]})
    assert later.training.folder == later.history.folder == elsewhere
    assert [checkpoint.step for checkpoint in later.history.history_checkpoints] == [11]
    assert later.history.step is None
    assert later.snapshot is not None
    assert later.snapshot.step == 9


def test_newer_snapshots_do_not_take_a_checkpoint_away(running: StudioState) -> None:
    shown = at(running, 3)
    later = with_training_events(shown, {0: [taken(12), kept(5), taken(13)]})
    assert later.snapshot is shown.snapshot
    assert later.history.index == 3
    assert later.history.present is not None
    assert later.history.present.snapshot.step == 13
    assert later.history.present.ranges is running.model.ranges  # type: ignore[union-attr]
    assert len(later.history.history_checkpoints) == 6


def test_the_same_checkpoint_stays_shown_when_others_are_thinned_away(running: StudioState) -> None:
    tight = replace(running.history, checkpoint_history=replace(running.history.checkpoint_history, budget=5))
    shown = at(replace(running, history=tight), 4)
    later = with_training_events(shown, {0: [kept(100), kept(200)]})
    assert [checkpoint.step for checkpoint in later.history.history_checkpoints] == [
        0,
        1,
        4,
        100,
        200,
    ]
    assert later.history.index == 2
    assert later.history.shown_checkpoint == HistoryCheckpoint(4, 0.4, 1)


def test_a_new_run_begins_a_new_timeline_with_the_same_budget(running: StudioState) -> None:
    mine = replace(running.history, checkpoint_history=replace(running.history.checkpoint_history, budget=77))
    other = with_training_events(
        at(replace(running, history=mine), 3), {0: [started("other"), taken(0, "other")]}
    )
    assert (other.history.run, other.history.history_checkpoints, other.history.index) == ("other", (), None)
    assert other.history.checkpoint_history.budget == 77
    assert other.snapshot is not None
    assert other.snapshot.run == "other"


def test_going_on_keeps_what_came_before(running: StudioState) -> None:
    assert [
        m.step for m in with_training_events(running, {0: [started("run", 3)]}).history.history_checkpoints
    ] == [
        0,
        1,
        2,
        3,
    ]
    shown = with_training_events(at(running, 2), {0: [started("run", 3)]})
    assert shown.history.index == 2
    retrained = with_training_events(at(running, 4), {0: [started("run", 3), taken(3)]})
    assert retrained.history.index is None
    assert retrained.snapshot is not None
    assert retrained.snapshot.step == 3


def test_a_history_is_another_one_after_a_resume_and_the_same_while_checkpoints_come(
    running: StudioState,
) -> None:
    """A resumed run repeats steps, perhaps with other settings: what was read of them is not shown again."""
    identity = running.history.identity
    assert with_training_events(running, {0: [kept(5), taken(12)]}).history.identity is identity
    reading = replace(running, history=replace(running.history, reading=4, requested=4))
    resumed = with_training_events(reading, {0: [started("run", 3)]}).history
    assert resumed.identity is not identity
    assert (resumed.reading, resumed.requested) == (None, None), "what is being read is not taken"


def test_nothing_to_scrub_through() -> None:
    assert not HistoryState().usable
    one = HistoryState(
        step=9, checkpoint_history=CheckpointHistory().with_checkpoint(HistoryCheckpoint(0, 0.0, 1))
    )
    assert (one.index, one.usable) == (0, False)
    assert HistoryState(step=3).index is None


# ---- the control ---------------------------------------------------------------------------------


@pytest.fixture
def trained(session: Session, reach: Reach) -> Session:
    """After 27 steps of a small VAE."""
    session.training.start()
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    return session


def test_a_checkpoint_is_shown_and_now_comes_back(trained: Session, reach: Reach) -> None:
    history = trained.state.history
    assert [checkpoint.step for checkpoint in history.history_checkpoints] == [
        *range(18),
        19,
        21,
        23,
        25,
        27,
    ]
    assert (
        history.checkpoint_history.size
        == sum(checkpoint.size for checkpoint in history.history_checkpoints)
        > 0
    )
    now = trained.state.model
    trained.history.show(5)
    reach(lambda: trained.state.snapshot.step == 5)  # type: ignore[union-attr]
    run = KeptRun.at(runs_folder() / history.run)
    expected = run.history_checkpoint(5).snapshot.weights
    assert trained.state.snapshot is not None
    assert all(np.array_equal(trained.state.snapshot.weights[name], expected[name]) for name in expected)
    reach(lambda: trained.state.results["inspect"].request.snapshot.step == 5)
    reach(lambda: trained.explore._frozen_model.snapshot.step == 5)  # type: ignore[union-attr]
    trained.history.show(None)
    assert trained.state.model is now
    assert trained.state.history.index is None


def test_the_newest_request_wins_and_what_was_read_is_not_read_again(
    trained: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.runs import history_files as history_checkpoints

    real, read = history_checkpoints.read_history_weights, []

    def counted(folder, step, run, recipe):  # type: ignore[no-untyped-def]
        read.append(step)
        return real(folder, step, run, recipe)

    monkeypatch.setattr(history_checkpoints, "read_history_weights", counted)
    for index in range(10):
        trained.history.show(index)
    reach(lambda: trained.state.history.index == 9 and not trained.state.tasks)
    assert read == [0, 9]
    trained.history.show(0)
    assert trained.state.history.index == 0
    assert read == [0, 9]
    trained.history.show(4)
    trained.history.show(None)
    reach(lambda: read[-1] == 4 and not trained.state.tasks)
    assert trained.state.history.index is None


def test_a_run_that_is_opened_again_is_read_again(
    trained: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may lie in its folder by now, with checkpoints of the same steps."""
    from aestudio.runs import history_files as history_checkpoints

    real, read = history_checkpoints.read_history_weights, []

    def counted(folder, step, run, recipe):  # type: ignore[no-untyped-def]
        read.append(step)
        return real(folder, step, run, recipe)

    monkeypatch.setattr(history_checkpoints, "read_history_weights", counted)
    run = trained.state.history.run
    trained.history.show(3)
    reach(lambda: trained.state.history.index == 3 and not trained.state.tasks)
    trained.runs.open("conv-vae-2d")
    reach(lambda: trained.state.history.run == "conv-vae-2d" and not trained.state.tasks)
    trained.runs.open(run)
    reach(lambda: trained.state.history.run == run and not trained.state.tasks)
    trained.history.show(3)
    reach(lambda: trained.state.history.index == 3 and not trained.state.tasks)
    assert read == [3, 3]


def test_back_forth_first_and_out_of_range(trained: Session, reach: Reach) -> None:
    control = trained.history
    last = len(trained.state.history.history_checkpoints) - 1
    control.forth()
    assert trained.state.history.index is None
    control.back()
    reach(lambda: trained.state.history.index == last)
    control.back(3)
    reach(lambda: trained.state.history.index == last - 3)
    control.first()
    reach(lambda: trained.state.history.index == 0)
    control.back()
    control.show(-5)
    control.show(999)
    assert trained.state.history.index == 0
    control.forth(last)
    reach(lambda: trained.state.history.index == last)
    control.forth()
    assert trained.state.history.index is None


def test_an_animation_shows_every_checkpoint_in_order_and_ends_at_now(
    trained: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained.history._animation.setInterval(1)
    monkeypatch.setattr("aestudio.gui.controllers.history_controller.FRAME_MILLISECONDS", 1)
    indices: list[int | None] = []
    trained.changed.connect(lambda: indices.append(trained.state.history.index))
    trained.history.play()
    assert trained.state.history.playing
    reach(lambda: not trained.state.history.playing)
    shown = [index for index in dict.fromkeys(indices) if index is not None]
    assert shown == list(range(len(trained.state.history.history_checkpoints)))
    assert trained.state.history.index is None
    # Paused by what is shown: a busy machine would look for it too late.
    trained.changed.connect(lambda: trained.state.history.index == 2 and trained.history.pause())
    trained.history.toggle()
    reach(lambda: trained.state.history.index is not None and not trained.state.history.playing)
    assert trained.state.history.index == 2
    assert not trained.history._animation.isActive()


def test_a_pause_while_the_first_checkpoint_is_read_shows_nothing_else(
    trained: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.runs import history_files

    real, may_go_on = history_files.read_history_weights, threading.Event()

    def held(*arguments: Any) -> Snapshot:
        may_go_on.wait()
        return real(*arguments)

    monkeypatch.setattr(history_files, "read_history_weights", held)
    trained.history.play()
    trained.history.toggle()
    assert trained.state.history.reading == 0
    may_go_on.set()
    reach(lambda: trained.state.history.reading is None and not trained.state.tasks)
    assert trained.state.history.index is None, "it was paused before anything was shown"


def test_sliders_keep_their_ranges_while_scrubbing(trained: Session, reach: Reach) -> None:
    assert trained.state.model is not None
    ranges = np.full((3, 2), (-4.0, 4.0), np.float32)
    trained.update(model=replace(trained.state.model, ranges=ranges))
    trained.history.show(0)
    reach(lambda: trained.state.history.index == 0)
    assert trained.state.model.ranges is ranges
    from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
    from aestudio.gui.state.studio_state import Result

    class Asked:
        snapshot = trained.state.snapshot

    class Map:
        ranges = np.zeros((3, 2))

    trained.explore.after_result(LatentMapRequest.channel, Result(Asked(), Map()))
    assert trained.state.model.ranges is ranges


def test_a_removed_checkpoint_is_reported_and_forgotten(trained: Session, reach: Reach) -> None:
    folder = runs_folder() / trained.state.history.run / "moments"
    (folder / "000000005.safetensors").unlink()
    trained.history.show(5)
    reach(lambda: trained.state.message.tone == "warn")
    reach(lambda: 5 not in [checkpoint.step for checkpoint in trained.state.history.history_checkpoints])
    assert trained.state.history.index is None
    assert len(trained.state.history.history_checkpoints) == 22


def test_a_run_that_was_moved_away_leaves_what_is_now(trained: Session, reach: Reach) -> None:
    now = trained.state.model
    trained.history.show(3)
    reach(lambda: trained.state.history.index == 3)
    KeptRun.at(runs_folder() / trained.state.history.run).move_to_trash()
    trained.history.show(7)
    reach(lambda: not trained.state.history.usable and trained.state.model is now)
    assert trained.state.message.tone == "warn"


def test_a_reopened_run_brings_its_checkpoints(trained: Session, reach: Reach) -> None:
    run, history_checkpoints = trained.state.history.run, trained.state.history.history_checkpoints
    trained.runs.open("conv-vae-2d")
    reach(lambda: trained.state.history.run == "conv-vae-2d")
    assert not trained.state.history.usable
    trained.runs.open(run)
    reach(lambda: trained.state.history.run == run)
    assert trained.state.history.history_checkpoints == history_checkpoints
    trained.history.show(3)
    reach(lambda: trained.state.snapshot.step == 3)  # type: ignore[union-attr]
    assert trained.state.model is not None
    assert trained.state.model.origin == "kept"


def test_a_branch_is_a_new_run_with_the_old_curves_and_its_own_end(trained: Session, reach: Reach) -> None:
    parent, curves = trained.state.training.run, trained.state.training.training
    weights = trained.state.snapshot
    trained.history.branch(9, {"learning_rate": 0.05})
    reach(lambda: trained.state.training.run != parent and trained.state.training.phase == "ended")
    training = trained.state.training
    assert training.problem is None
    assert training.live["learning_rate"] == 0.05
    assert training.training.step.tolist() == curves.step.tolist()
    assert training.training.term("loss")[:9].tolist() == curves.term("loss")[:9].tolist()
    assert training.training.term("loss")[10] != curves.term("loss")[10]
    # How the other one went on is there to be compared with.
    assert training.parent.step.tolist() == curves.step[9:].tolist()
    assert training.parent.term("loss").tolist() == curves.term("loss")[9:].tolist()
    assert trained.state.recipe.value("learning_rate") == 0.05
    assert trained.state.history.run == training.run
    assert len(trained.state.history.history_checkpoints) == 23
    record = KeptRun.at(runs_folder() / training.run).require_record()
    assert record.branched_from is not None
    assert (record.branched_from.run, record.branched_from.step) == (parent, 9)
    assert KeptRun.at(runs_folder() / parent).status == "finished"
    old = KeptRun.at(runs_folder() / parent).snapshot()
    assert weights is not None
    assert all(np.array_equal(old.weights[name], weights.weights[name]) for name in old.weights)


def test_a_branch_while_a_training_runs_stops_and_keeps_it(session: Session, reach: Reach) -> None:
    session.recipe.set_value("epochs", 10_000)
    session.training.start()
    reach(lambda: len(session.state.history.history_checkpoints) > 6)
    parent = session.state.training.run
    session.history.branch(3, {"beta": 4.0})
    reach(lambda: session.state.training.run != parent and session.state.training.phase == "running")
    assert KeptRun.at(runs_folder() / parent).status == "stopped"
    assert session.state.training.live["beta"] == 4.0
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended")


def test_an_impossible_branch_is_reported(trained: Session, reach: Reach) -> None:
    parent = trained.state.training.run
    trained.history.branch(22, {"beta": 2.0})
    reach(lambda: trained.state.message.tone == "bad")
    assert "epochs" in trained.state.message.text
    assert trained.state.training.run == parent
    trained.history.branch(99, {"beta": 2.0})
    assert "branch" not in trained.state.tasks


def test_reset_leaves_no_timeline(trained: Session, reach: Reach) -> None:
    trained.history.show(2)
    reach(lambda: trained.state.history.index == 2)
    trained.training.reset()
    reach(lambda: trained.state.snapshot.step == 0 and not trained.state.tasks)  # type: ignore[union-attr]
    assert trained.state.history.history_checkpoints == ()
    assert trained.state.history.index is None


def test_the_budget_of_the_environment_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from aestudio.gui.controllers.history_controller import HistoryController

    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "12")
    assert HistoryController.first_history().budget == 12_000_000
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "all")
    assert HistoryController.first_history().budget == 52_000_000
