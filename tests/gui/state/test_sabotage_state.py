"""What can be sabotaged, guessed and repaired follows from the state, and the first guess counts."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.reducers import after_events
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.sabotage_state import (
    checkpoint_before,
    no_guess,
    no_repair,
    no_sabotage,
    possible_sabotages,
    with_guess,
)
from aestudio.gui.views.shared.live_changes import change_marks
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.sabotage.sabotage import AppliedSabotage
from aestudio.training.checkpoint_history import CheckpointHistory, HistoryCheckpoint
from aestudio.training.events import SabotageBegun, Started

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

APPLIED = AppliedSabotage("kl_sign", 40)


def state(run: RunState, *, recipe: str = "vae", steps: tuple[int, ...] = (), **others: Any) -> StudioState:
    snapshot = SimpleNamespace(run="run", architecture=Architecture(find_recipe(recipe), MNIST))
    checkpoints = tuple(HistoryCheckpoint(step, step / 10, 1) for step in steps)
    usual: dict[str, Any] = {
        "training": run,
        "shown_run": run,
        "hidden_training": None,
        "training_model": SimpleNamespace(snapshot=snapshot),
        "comparison": SimpleNamespace(active=False),
        "history": HistoryState(checkpoint_history=CheckpointHistory(checkpoints)),
    }
    return cast("StudioState", SimpleNamespace(**usual | others))


def test_only_a_single_training_that_goes_on_can_be_sabotaged_and_only_once() -> None:
    running = RunState(phase="running", run="run")
    assert no_sabotage(state(running)) == ""
    assert "start a training" in no_sabotage(state(replace(running, phase="ended")))
    assert "start a training" in no_sabotage(state(replace(running, run="another")))
    assert "repair it first" in no_sabotage(state(replace(running, sabotage=APPLIED)))
    assert "single" in no_sabotage(state(running, comparison=SimpleNamespace(active=True)))


def test_what_does_not_fit_the_recipe_says_why() -> None:
    running = RunState(phase="paused", run="run")
    assert no_sabotage(state(running, recipe="conv-ae"), "kl_sign") == "This loss has no KL with a weight β."
    found = [kind.name for kind in possible_sabotages(state(running, recipe="digit-classifier"))]
    assert found == ["dead_relu", "leaked_labels", "fast_learning_rate"], "by their titles"


def test_the_run_follows_the_events_and_a_resumed_one_what_its_checkpoint_says() -> None:
    run = after_events(RunState(guess="kl"), [SabotageBegun(APPLIED)])
    assert (run.sabotage, run.guess) == (APPLIED, "")
    started = Started("run", "cpu", 60, 10, 9, 1, 1, 1)
    assert after_events(run, [replace(started, sabotage=APPLIED)]).sabotage == APPLIED
    assert after_events(run, [started]).sabotage is None


@pytest.mark.parametrize(
    ("steps", "index"), [((0, 10, 40, 50), 2), ((0, 10, 50), 1), ((50, 60), None), ((), None)]
)
def test_repaired_from_the_newest_checkpoint_before(steps: tuple[int, ...], index: int | None) -> None:
    run = RunState(phase="running", run="run", sabotage=APPLIED)
    assert checkpoint_before(state(run, steps=steps)) == index
    assert bool(no_repair(state(run, steps=steps))) == (index is None)


def test_a_run_that_is_not_sabotaged_has_nothing_to_guess_or_repair() -> None:
    plain = state(RunState(phase="running", run="run"), steps=(0, 10))
    assert no_guess(plain)
    assert no_repair(plain) == no_guess(plain)
    assert checkpoint_before(plain) is None


def test_the_first_guess_counts() -> None:
    from aestudio.gui.state.studio_state import StudioState

    run = RunState(sabotage=APPLIED)
    first = StudioState(recipe=find_recipe("vae"), training=run)
    guessed = with_guess(first, "probe")
    assert guessed.training.guess == "probe"
    assert with_guess(guessed, "kl").training.guess == "probe"
    assert with_guess(replace(first, training=RunState()), "kl").training.guess == ""


def test_its_step_is_marked_on_the_curves() -> None:
    started = Started("run", "cpu", 0, 10, 9, 1, 1, 1)
    (mark,) = change_marks(RunState(started=started, sabotage=APPLIED), find_recipe("vae"))
    assert (mark.x, mark.step, mark.text) == (4.0, 40, "SABOTAGED (KL sign)")
