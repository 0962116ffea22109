"""The comparison without a window: planned, trained on its thread, paused at one step, kept as runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonPlan, ComparisonState, plan_for
from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.state.training_group import with_end
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from aestudio.training.events import (
    Ended,
    MetricPoint,
    Paused,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
)
from aestudio.training.initial import initial_snapshot
from tests.gui.controllers.conftest import plan_problem
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_state import TrainingPhase
    from aestudio.recipes.recipe import Recipe
    from tests.gui.controllers.conftest import Loader

    Reach = Callable[[Callable[[], object]], None]

LONG = 10_000


def begin(session: Session, reach: Reach, *values: object, name: str = "beta", epochs: int = 3) -> None:
    session.update(recipe=session.state.recipe.with_settings({"epochs": epochs}))
    session.comparison.choose_difference(name)
    while len(session.comparison.plan.values) > len(values):
        session.comparison.remove()
    while len(session.comparison.plan.values) < len(values):
        session.comparison.add()
    for number, value in enumerate(values):
        session.comparison.set_value(number, value)
    session.training.start(group="comparison")
    reach(lambda: session.state.comparison.phase in ("running", "paused", "ended"))


def steps(session: Session) -> list[int]:
    return [snapshot.step for snapshot in session.state.comparison.snapshots]


def test_compared_runs_from_start_to_finish(session: Session, reach: Reach) -> None:
    begin(session, reach, 0.5, 4.0)
    reach(lambda: session.state.comparison.phase == "ended" and len(session.state.runs) >= 2)
    comparison = session.state.comparison.runs
    assert [compared_run.title for compared_run in comparison] == ["β 0.5", "β 4"]
    assert [compared_run.recipe.value("beta") for compared_run in comparison] == [0.5, 4.0]
    for compared_run in comparison:
        assert compared_run.ended is not None
        assert compared_run.ended.reason == "finished"
        assert compared_run.training.step.tolist() == list(range(1, 28))
        assert compared_run.snapshot is not None
        assert compared_run.snapshot.step == 27
    titles = {run.title for run in session.state.runs if not run.shipped}
    assert titles == {"VAE: β 0.5", "VAE: β 4"}
    assert session.state.training.phase == "idle"
    assert not session.training.alive()


def test_a_kept_compared_run_is_opened_as_any_other_run(session: Session, reach: Reach) -> None:
    begin(session, reach, 0.5, 4.0)
    reach(lambda: session.state.comparison.phase == "ended")
    session.comparison.open(1)
    run = session.state.comparison.runs[1].run
    reach(lambda: session.state.model is not None and session.state.model.snapshot.run == run)
    model, compared_run = session.state.model, session.state.comparison.runs[1].snapshot
    assert model is not None
    assert compared_run is not None
    assert model.title == "VAE: β 4"
    assert session.state.recipe.value("beta") == 4.0
    for name, weights in compared_run.weights.items():
        assert np.array_equal(model.snapshot.weights[name], weights)


def test_a_compared_run_whose_folder_was_moved_is_not_reported_to_be_kept_there(
    session: Session, reach: Reach, tmp_path: Path
) -> None:
    begin(session, reach, 0.5, 4.0, epochs=LONG)
    run = lambda: session.state.comparison.runs[0]  # noqa: E731
    reach(lambda: len(run().training) > 2)
    folder = runs_folder() / run().run
    folder.rename(tmp_path / "away")
    reach(lambda: run().folder is not None)
    rescued = runs_folder() / f"{folder.name} (rescued)"
    session.training.stop(group="comparison")
    reach(lambda: session.state.comparison.phase == "ended")
    assert str(rescued) in session.state.message.text
    assert "each of its runs is kept" not in session.state.message.text
    assert not folder.exists()
    session.comparison.open(0)
    reach(lambda: session.state.training.folder == rescued)
    assert session.state.model is not None
    assert session.state.model.snapshot.step == KeptRun.at(rescued).snapshot().step


def test_pause_step_and_stop_at_one_step(session: Session, reach: Reach) -> None:
    begin(session, reach, 0.5, 1.0, 4.0, epochs=LONG)
    session.training.toggle(group="comparison")
    reach(lambda: session.state.comparison.phase == "paused")
    reach(lambda: len(set(steps(session))) == 1)
    halted = steps(session)[0]
    session.training.step(group="comparison")
    reach(lambda: steps(session) == [halted + 1] * 3)
    assert session.state.comparison.phase == "paused"
    session.training.toggle(group="comparison")
    assert session.state.comparison.phase == "running"
    reach(lambda: min(steps(session)) > halted + 1)
    session.training.stop(group="comparison")
    assert session.state.comparison.phase == "stopping"
    reach(lambda: session.state.comparison.phase == "ended")
    ended = [compared_run.ended for compared_run in session.state.comparison.runs]
    assert {end.reason for end in ended if end} == {"stopped"}
    assert len({end.step for end in ended if end}) == 1


def test_the_first_single_step(session: Session, reach: Reach) -> None:
    session.comparison.choose_difference("beta")
    session.training.step(group="comparison")
    reach(lambda: steps(session) == [1, 1, 1])
    assert session.state.comparison.phase == "paused"


def test_live_changes_reach_all_but_the_difference(session: Session, reach: Reach) -> None:
    begin(session, reach, 0.5, 4.0, epochs=LONG)
    session.recipe.set_value("learning_rate", 0.002)
    session.recipe.set_value("beta", 9.0)  # that is what they differ in
    reach(lambda: all(t.live["learning_rate"] == 0.002 for t in session.state.comparison.runs))
    assert [t.live["beta"] for t in session.state.comparison.runs] == [0.5, 4.0]


def test_a_training_and_compared_runs_refuse_each_other(session: Session, reach: Reach) -> None:
    begin(session, reach, 0.5, 4.0, epochs=LONG)
    session.training.start()
    assert session.state.training.phase == "idle"
    assert session.state.message.tone == "warn"
    session.data.choose("mnist")
    assert session.state.data.requested == "builtin"
    session.comparison.open(0)
    assert "stop" in session.state.message.text
    session.training.stop(group="comparison")
    reach(lambda: session.state.comparison.phase == "ended")
    session.training.start()
    reach(lambda: session.state.training.phase == "running")
    session.training.start(group="comparison")
    assert session.state.comparison.phase == "ended"
    assert session.state.message.tone == "warn"


def test_compared_runs_wait_for_data_and_torch(bare: Session, reach: Reach, loader: Loader) -> None:
    from aestudio.gui.startup.warmup import warm_up

    bare.comparison.choose_difference("beta")
    bare.training.start(group="comparison")
    assert bare.state.comparison.phase == "preparing"
    reach(lambda: loader.requested_names)
    warm_up(bare)
    reach(lambda: bare.state.comparison.phase == "ended")
    assert {compared_run.phase for compared_run in bare.state.comparison.runs} == {"ended"}


def test_compared_runs_give_up_when_the_data_does_not_come(
    bare: Session, loader: Loader, reach: Reach
) -> None:
    loader.problem = StudioError("The server says no", where="example.org")
    bare.training.start(group="comparison")
    assert bare.state.comparison.phase == "preparing"
    reach(lambda: bare.state.data.phase == "failed")
    assert (bare.state.comparison.phase, bare.state.comparison.runs) == ("idle", ())
    assert bare.state.pending_start is None


def test_stopped_before_they_began(bare: Session) -> None:
    bare.training.start(group="comparison")
    bare.training.stop(group="comparison")
    assert (bare.state.comparison.phase, bare.state.comparison.runs) == ("idle", ())


def test_a_diverged_run_does_not_stop_the_other(session: Session, reach: Reach) -> None:
    session.update(recipe=session.state.recipe.with_settings({"optimiser": "sgd"}))
    begin(session, reach, 10.0, 1e-4, name="learning_rate")
    reach(lambda: session.state.comparison.phase == "ended")
    ended = [compared_run.ended for compared_run in session.state.comparison.runs]
    assert [end.reason for end in ended if end] == ["diverged", "finished"]


def test_a_classifier_beside_an_autoencoder_needs_labels(session: Session, reach: Reach) -> None:
    """The reason that prevents one of them is reported, and no run folder remains."""
    dataset = session.state.data.dataset
    assert dataset is not None
    bald = replace(dataset, train=replace(dataset.train, labels=None))
    session.update(data=replace(session.state.data, dataset=bald))
    session.comparison.choose_difference("objective")
    session.comparison.set_value(1, "classification")
    session.training.start(group="comparison")
    assert (session.state.comparison.phase, session.state.comparison.runs) == ("idle", ())
    assert session.state.message.tone == "warn", "it was refused before anything started"
    assert "labels" in session.state.message.text


# ---- plans ----------------------------------------------------------------------------------------


def test_the_plan_follows_the_recipe(session: Session) -> None:
    assert session.comparison.plan == ComparisonPlan("objective", ("reconstruction", "variational"))
    session.comparison.choose_difference("beta")
    assert session.comparison.plan == ComparisonPlan("beta", (0.5, 1.0, 4.0))
    session.comparison.add()
    assert len(set(session.comparison.plan.values)) == 4
    session.comparison.add()
    assert len(session.comparison.plan.values) == 4
    session.comparison.set_value(3, 0.5)
    problem = plan_problem(session)
    assert problem is not None
    assert "same" in problem.what
    session.training.start(group="comparison")
    assert session.state.comparison.phase == "idle"
    for _ in range(4):
        session.comparison.remove()
    assert session.comparison.plan.values == (0.5, 1.0)
    assert plan_problem(session) is None


@pytest.mark.parametrize("name", ["digit-classifier", "deep-ae", "vae"])
def test_an_impossible_plan_is_replaced(name: str) -> None:
    from aestudio.recipes.differences import compared_recipes

    recipe = find_recipe(name)
    plan = plan_for(recipe, ComparisonPlan("sparsity_weight", (1.0, 2.0)))
    assert plan.difference != "sparsity_weight"
    assert len(compared_recipes(recipe, plan.difference, plan.values)) == len(plan.values)


# ---- reducers -------------------------------------------------------------------------------------


def compared_run(recipe: Recipe, phase: str = "running") -> ComparedRun:
    return ComparedRun(phase, title="one", recipe=recipe)  # type: ignore[arg-type]


def comparing(recipe: Recipe, *phases: str) -> StudioState:
    """The state with a run of each of these phases."""
    runs = tuple(compared_run(recipe, phase) for phase in phases)
    return StudioState(recipe, comparison=ComparisonState(runs=runs))


@pytest.mark.parametrize("name", ["vector-quantised", "two-level"])
def test_codes_are_as_long_before_the_training_as_after(name: str) -> None:
    """Of such latents the latent size of the network is not the length of a code."""
    recipe = recipe_of(name)
    planned = compared_run(recipe)
    begun = replace(planned, snapshot=initial_snapshot(recipe, MNIST))
    assert planned.code_length == begun.code_length != recipe.network.latent_size


def test_events_reach_their_compared_run_only(small: Recipe) -> None:
    first = Snapshot("a", small, 0, 0.0, {}, data=MNIST)
    state = comparing(small, "preparing", "preparing")
    before = state.comparison.runs
    started = Started("a", "cpu", 0, 9, 3, 1, 270, 30)
    point = MetricPoint("training", 1, 0.1, {"loss": 2.0})
    after = with_training_events(state, {1: [started, SnapshotTaken(first), point]}, "comparison").comparison
    assert after.runs[0] is before[0]
    assert after.runs[1].snapshot is first
    assert after.runs[1].training.last("loss") == 2.0
    assert after.phase == "running"
    assert after.snapshots == ()  # until all have one
    assert with_training_events(state, {}, "comparison").comparison.runs == before


@pytest.mark.parametrize(
    ("phases", "of_all"),
    [
        (("paused", "running"), "running"),
        (("paused", "paused"), "paused"),
        (("running", "preparing"), "running"),
        (("preparing", "preparing"), "preparing"),
        (("stopping", "stopping"), "stopping"),
        (("ended", "ended"), "ended"),
        ((), "idle"),
    ],
)
def test_the_phase_of_all(small: Recipe, phases: tuple[str, ...], of_all: TrainingPhase) -> None:
    assert comparing(small, *phases).comparison.phase == of_all


def test_a_compared_run_ends_and_halts_like_any_training(small: Recipe) -> None:
    state = comparing(small, "running", "running")
    progress = TrainingProgress(5, 0.5, 10.0, 1.0, 0, 1e-3)
    ended = Ended("diverged", 5, 0.5, 1.0, "advice")
    after = with_training_events(state, {0: [progress, ended], 1: [progress, Paused(5)]}, "comparison")
    assert [one.ended for one in after.comparison.runs] == [ended, None]
    assert after.comparison.phase == "paused"
    stopped = Ended("stopped", 5, 0.5, 1.0)
    after = with_training_events(after, {1: [stopped]}, "comparison")
    assert after.comparison.active, "until their thread has ended"
    after = with_end(after, "comparison", None)
    assert [one.phase for one in after.comparison.runs] == ["ended", "ended"]
    assert after.comparison.phase == "ended"


def test_a_thread_that_breaks_says_so_of_the_runs_that_had_not_ended(small: Recipe) -> None:
    ended, problem = Ended("diverged", 5, 0.5, 1.0, "advice"), StudioError("The machine broke")
    state = with_training_events(comparing(small, "running", "running"), {0: [ended]}, "comparison")
    runs = with_end(state, "comparison", problem).comparison.runs
    assert [(one.phase, one.problem) for one in runs] == [("ended", None), ("idle", problem)]
