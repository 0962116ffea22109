"""Start, pause, step, resume, stop, reset, and live settings, with a real trainer on its thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.controllers.broken_run import newest_state
from aestudio.recipes.library import find_recipe
from aestudio.training.loop import TrainingLoop

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_state import RunState
    from aestudio.runs.newest_state import NewestState
    from aestudio.training.events import Snapshot

    Reach = Callable[[Callable[[], object]], None]

LONG = 10_000  # epochs that no test waits for


def start(session: Session, reach: Reach, **settings: Any) -> None:
    """Start and wait for the first progress."""
    if settings:
        session.update(recipe=session.state.recipe.with_settings(settings))
    session.training.start()
    reach(lambda: session.state.training.phase != "preparing" and session.state.training.progress is not None)


def pause(session: Session, reach: Reach) -> None:
    session.training.pause()
    reach(lambda: session.state.training.phase == "paused")


def steps(session: Session) -> int:
    progress = session.state.training.progress
    return 0 if progress is None else progress.step


def same(one: Snapshot | None, other: Snapshot | None) -> bool:
    """Whether two snapshots hold the same numbers."""
    assert one is not None
    assert other is not None
    return all(np.array_equal(one.weights[name], other.weights[name]) for name in one.weights)


# ---- a whole run ----------------------------------------------------------------------------------


def test_a_run_from_start_to_finish(session: Session, reach: Reach) -> None:
    session.training.start()
    assert session.state.training.phase == "preparing"
    reach(lambda: session.state.training.phase == "ended")
    training = session.state.training
    assert training.ended is not None
    assert (training.ended.reason, training.ended.step) == ("finished", 27)
    assert training.training.step.tolist() == list(range(1, 28))
    assert training.validation.step[-1] == 27
    assert session.state.snapshot is not None
    assert session.state.snapshot.step == 27
    assert session.state.message.tone == "good"
    assert not session.training.alive()


def test_the_run_is_listed_from_its_start_and_as_it_ended(session: Session, reach: Reach) -> None:
    session.training.start()
    reach(lambda: [run for run in session.state.runs if not run.shipped])
    assert session.state.training.run == session.state.runs[0].name
    reach(lambda: session.state.training.phase == "ended" and not session.state.tasks)
    run = session.state.runs[0]
    assert run.name == session.state.training.run
    assert run.status == "finished"
    assert run.last_loss == pytest.approx(session.state.training.validation.last("loss"))


def test_starting_again_after_the_end_is_another_run_with_the_same_curves(
    session: Session, reach: Reach
) -> None:
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    first = session.state.training
    session.training.start()
    reach(lambda: session.state.training.phase == "ended" and session.state.training.run != first.run)
    second = session.state.training
    np.testing.assert_array_equal(first.training.term("loss"), second.training.term("loss"))


# ---- what a start waits for -----------------------------------------------------------------------


def test_a_start_waits_for_data_and_torch(bare: Session, loader: Any, reach: Reach) -> None:
    from aestudio.gui.startup.warmup import warm_up

    loader.gate = threading.Event()
    bare.data.choose("builtin")
    bare.training.start()
    warm_up(bare)
    reach(lambda: bare.state.torch_phase == "ready")
    assert bare.state.training.phase == "preparing"
    loader.gate.set()
    reach(lambda: bare.state.training.phase == "ended")


def test_a_start_without_any_data_loads_it(bare: Session, loader: Any, reach: Reach) -> None:
    from aestudio.gui.startup.warmup import warm_up

    bare.training.start()
    warm_up(bare)
    reach(lambda: bare.state.training.phase == "ended")
    assert loader.requested_names == ["auto"]


def test_a_start_gives_up_when_the_data_does_not_come(bare: Session, loader: Any, reach: Reach) -> None:
    loader.problem = StudioError("The server says no", where="example.org")
    bare.training.start()
    reach(lambda: bare.state.data.phase == "failed")
    assert bare.state.training.phase == "idle"
    assert bare.state.training.problem is loader.problem


def test_a_start_that_waits_can_be_stopped(bare: Session, loader: Any, reach: Reach) -> None:
    from aestudio.gui.startup.warmup import warm_up

    loader.gate = threading.Event()
    bare.training.start()
    bare.training.stop()
    assert bare.state.training.phase == "idle"
    warm_up(bare)
    loader.gate.set()
    reach(lambda: bare.state.data.phase == "ready" and bare.state.torch_phase == "ready")
    assert not bare.training.alive()
    assert bare.state.training.phase == "idle"


def test_no_start_without_torch(bare: Session) -> None:
    bare.update(torch_phase="failed")
    bare.training.start()
    assert bare.state.training.phase == "idle"
    assert bare.state.message.tone == "bad"


# ---- pause, step, go on ---------------------------------------------------------------------------


def test_paused_nothing_moves_and_a_step_is_one_step(session: Session, reach: Reach) -> None:
    start(session, reach, epochs=LONG)
    pause(session, reach)
    before, points = steps(session), len(session.state.training.training)
    assert session.inference_worker is not None
    assert not session.inference_worker.training
    session.training.step()
    reach(lambda: steps(session) != before and session.state.training.phase == "paused")
    assert steps(session) == before + 1
    assert len(session.state.training.training) == points + 1
    assert session.state.snapshot is not None
    assert session.state.snapshot.step == before + 1


def test_a_step_from_nothing_is_the_first_step(session: Session, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    assert steps(session) == 1
    assert session.state.training.training.step.tolist() == [1]


def test_a_step_while_it_runs_halts_it(session: Session, reach: Reach) -> None:
    start(session, reach, epochs=LONG)
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")


def test_pausing_and_resuming_changes_nothing(session: Session, reach: Reach) -> None:
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    at_once = session.state
    session.training.step()
    for expected in range(2, 6):
        reach(lambda n=expected: session.state.training.phase == "paused" and steps(session) == n - 1)
        session.training.step()
    reach(lambda: session.state.training.phase == "paused" and steps(session) == 5)
    session.training.toggle()
    reach(lambda: session.state.training.phase == "ended")
    np.testing.assert_array_equal(
        at_once.training.training.term("loss"), session.state.training.training.term("loss")
    )
    assert same(at_once.snapshot, session.state.snapshot)


def test_toggle_pauses_and_resumes(session: Session, reach: Reach) -> None:
    session.update(recipe=session.state.recipe.with_settings({"epochs": LONG}))
    session.training.toggle()
    reach(lambda: session.state.training.phase == "running")
    session.training.toggle()
    reach(lambda: session.state.training.phase == "paused")
    session.training.toggle()
    assert session.state.training.phase == "running"
    before = steps(session)
    reach(lambda: steps(session) > before)


# ---- stop, go on with the run, reset --------------------------------------------------------------


def test_a_stopped_run_is_kept_and_start_resumes_it(session: Session, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    session.training.stop()
    assert session.state.training.phase == "stopping"
    reach(lambda: session.state.training.phase == "ended")
    run = session.state.training.run
    assert session.state.training.checkpoint is not None
    session.training.start()
    reach(lambda: session.state.training.ended and session.state.training.ended.reason == "finished")
    assert session.state.training.run == run
    assert session.state.training.training.step.tolist() == list(range(1, 28))


def test_reset_while_it_runs_ends_it_and_shows_the_same_initial_weights(
    session: Session, reach: Reach
) -> None:
    session.training.reset()
    reach(lambda: session.state.model is not None)
    initial = session.state.snapshot
    start(session, reach, epochs=LONG)
    session.training.reset()
    reach(lambda: session.state.training.phase == "idle" and session.state.snapshot.step == 0)  # type: ignore[union-attr]
    assert same(initial, session.state.snapshot)
    assert len(session.state.training.training) == 0
    reach(lambda: any(run.status == "stopped" for run in session.state.runs))


def test_reset_of_a_start_that_still_waits_resets_once(bare: Session, loader: Any, reach: Reach) -> None:
    loader.gate = threading.Event()
    bare.training.start()
    bare.training.reset()
    reach(lambda: bare.state.model is not None)
    assert bare.state.training.phase == "idle"
    loader.gate.set()


def test_initial_weights_that_come_late_replace_no_run_that_has_begun(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.training.initial import initial_snapshot

    gate = threading.Event()

    def late(*arguments: Any) -> Snapshot:
        gate.wait()
        return initial_snapshot(*arguments)

    monkeypatch.setattr("aestudio.training.initial.initial_snapshot", late)
    session.training.reset()
    start(session, reach, epochs=LONG)
    reach(lambda: session.state.snapshot is not None)
    pause(session, reach)
    model, history = session.state.model, session.state.history
    gate.set()
    reach(lambda: "reset" not in session.state.tasks)
    assert session.state.model is model
    assert session.state.history is history
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended")


# ---- settings -------------------------------------------------------------------------------------


def test_settings_change_the_recipe_while_nothing_runs(session: Session) -> None:
    session.recipe.set_value("epochs", 7)
    assert session.state.recipe.training.epochs == 7
    with pytest.raises(BadChoice):
        session.recipe.set_value("epochs", 0)
    assert session.state.recipe.training.epochs == 7


def test_live_ones_move_while_it_runs_and_the_others_are_fixed(session: Session, reach: Reach) -> None:
    start(session, reach, epochs=LONG)
    recipe = session.state.recipe
    session.recipe.set_value("learning_rate", 5e-4)
    session.recipe.set_value("beta", 3.0)
    assert session.state.training.live["beta"] == 3.0
    with pytest.raises(BadChoice):
        session.recipe.set_value("learning_rate", -1.0)
    session.recipe.set_value("batch_size", 8)
    assert session.state.message.tone == "warn"
    session.recipe.choose_recipe(find_recipe("deep-ae"))
    session.recipe.choose_network("row-gru")
    session.recipe.choose_objective("reconstruction")
    session.recipe.choose_device("cpu")
    assert session.state.recipe is recipe
    assert session.state.device == "auto"
    reach(lambda: session.state.training.progress.learning_rate == 5e-4)  # type: ignore[union-attr]
    pause(session, reach)
    session.recipe.set_value("beta", 0.5)
    session.training.step()
    reach(lambda: session.state.training.phase == "paused" and session.state.training.live["beta"] == 0.5)


def test_live_ones_moved_while_stopped_act_when_the_run_goes_on(session: Session, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    session.training.stop()
    reach(lambda: session.state.training.phase == "ended")
    run, recipe = session.state.training.run, session.state.recipe
    session.recipe.set_value("learning_rate", 5e-4)
    assert session.state.recipe is recipe
    assert session.state.training.resumable
    session.training.start()
    reach(lambda: session.state.training.ended and session.state.training.ended.reason == "finished")
    assert session.state.training.run == run
    assert session.state.training.progress is not None
    assert session.state.training.progress.learning_rate == 5e-4
    assert session.state.training.checkpoint is not None
    assert session.state.training.checkpoint.live["learning_rate"] == 5e-4


def test_another_recipe_cannot_go_on_from_the_old_checkpoint(session: Session, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    session.training.stop()
    reach(lambda: session.state.training.checkpoint is not None and not session.state.training.active)
    session.recipe.choose_recipe(find_recipe("deep-ae"))
    assert session.state.recipe.name == "deep-ae"
    assert session.state.training.checkpoint is None
    assert len(session.state.training.training) == 1, "the curve stays, to be compared"


def test_networks_and_objectives_combine_and_keep_the_latent_size(session: Session) -> None:
    session.recipe.choose_network("convolutional")
    assert session.state.recipe.network.kind() == "convolutional"
    assert session.state.recipe.network.latent_size == 3
    session.recipe.choose_objective("reconstruction")
    assert session.state.recipe.objective.kind() == "reconstruction"
    session.recipe.choose_device("cpu")
    assert session.state.device == "cpu"


# ---- what goes wrong ------------------------------------------------------------------------------


def test_a_trainer_that_breaks_leaves_a_problem_and_the_window_usable(session: Session, reach: Reach) -> None:
    session.update(recipe=session.state.recipe.with_settings({"epochs": 1}), device="cuda:99")
    session.training.start()
    reach(lambda: session.state.training.problem is not None)
    assert session.state.training.phase == "idle"
    assert not [run for run in session.state.runs if not run.shipped]
    session.recipe.choose_device("cpu")
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")


def test_a_folder_that_cannot_be_written_is_reported_at_once(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / "file"))
    session.training.start()
    reach(lambda: session.state.training.problem is not None)
    assert str(tmp_path / "file") in str(session.state.training.problem)


def test_an_unexpected_error_is_a_problem_as_well(
    session: Session,
    reach: Reach,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[logging.LogRecord],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("aestudio.training.trainer.train", broken)
    session.training.start()
    reach(lambda: session.state.training.problem is not None)
    assert "while training (ZeroDivisionError: oh)" in str(session.state.training.problem)
    assert len(logged_errors) == 1


def test_a_run_that_broke_is_stopping_until_its_newest_state_is_read(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch, logged_errors: list[logging.LogRecord]
) -> None:
    real, read = TrainingLoop.advance, threading.Event()

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        if loop.step >= 5:
            raise RuntimeError("the machine broke")
        real(loop, most, phase)

    def newest(run: RunState) -> NewestState:
        read.wait()
        return newest_state(run)

    monkeypatch.setattr(TrainingLoop, "advance", advance)
    monkeypatch.setattr("aestudio.gui.controllers.training_controller.newest_state", newest)
    session.training.start()
    reach(lambda: "the machine broke" in session.state.message.text)
    assert session.state.training.phase == "stopping"
    session.training.start()
    assert session.state.training.phase == "stopping", "from which step it goes on is not known yet"
    read.set()
    reach(lambda: session.state.training.phase == "idle")
    assert session.state.training.problem is not None
    assert "Resume continues from step 5" in session.state.message.text
    monkeypatch.setattr(TrainingLoop, "advance", real)
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    assert session.state.training.training.step.tolist() == list(range(1, 28))
    assert len(logged_errors) == 1


def test_a_loss_that_explodes_reports_what_to_try(session: Session, reach: Reach) -> None:
    session.update(
        recipe=session.state.recipe.with_settings(
            {"learning_rate": 1.0, "optimiser": "sgd", "epochs": LONG, "gradient_clip": 0}
        )
    )
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    assert session.state.training.ended is not None
    assert session.state.training.ended.reason == "diverged"
    assert "learning rate of 1e-01" in session.state.message.text
    assert session.state.snapshot is not None
    assert all(np.isfinite(weights).all() for weights in session.state.snapshot.weights.values())


def test_an_early_stop_shows_and_names_the_step_that_is_kept(session: Session, reach: Reach) -> None:
    settings = {"hidden": (256,), "latent_size": 32, "learning_rate": 0.02, "epochs": 200, "patience": 2}
    session.update(recipe=session.state.recipe.with_settings(settings))
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    training = session.state.training
    assert training.ended is not None
    assert training.progress is not None
    assert session.state.snapshot is not None
    assert training.ended.reason == "early_stopping"
    assert training.ended.step == training.progress.step == session.state.snapshot.step
    best = int(np.argmin(training.validation.term("loss")))
    assert training.validation.step[best] == training.ended.step < training.ended.last_step
    assert training.validation.last("loss", training.ended.step) == training.validation.term("loss")[best]
    message = session.state.message.text
    assert f"early at step {training.ended.last_step:,}" in message
    assert f"are kept, of step {training.ended.step:,}." in message


def test_messages_of_an_older_training_are_not_read(session: Session, reach: Reach) -> None:
    from aestudio.gui.workers.messages import Trained, TrainingEnded
    from aestudio.training.events import LiveChange

    start(session, reach, epochs=LONG)
    assert session.training._job is not None
    token = session.training._job.token
    session.mailbox.put(Trained(token - 1, 0, LiveChange(0, "beta", 99.0)))
    session.mailbox.put(TrainingEnded(token - 1, StudioError("old")))
    before = steps(session)
    reach(lambda: steps(session) > before)
    assert session.state.training.live["beta"] != 99.0
    assert session.state.training.phase == "running"


def test_other_data_that_cannot_be_loaded_leaves_the_old_to_train_on(
    session: Session, loader: Any, reach: Reach
) -> None:
    loader.problem = StudioError("The gzip file ends too early", where="images.gz")
    session.data.choose("images.gz")
    reach(lambda: session.state.data.phase == "failed")
    session.training.start()
    reach(lambda: session.state.training.phase == "ended")
    assert loader.requested_names == ["builtin", "images.gz"]
