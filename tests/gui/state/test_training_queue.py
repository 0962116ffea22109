"""What waits to be trained, and what follows from the end of a training: pure functions of the state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aestudio.errors import StudioError
from aestudio.gui.state.effects.queueing import go_on_with_queue, take_next_recipe, write_queue
from aestudio.gui.state.effects.reactions import GoOnWithQueue, TakeNextRecipe, WriteQueue
from aestudio.gui.state.next_training import (
    as_set_up,
    set_up_recipe,
    with_next_shown,
    with_next_taken,
    with_set_up,
)
from aestudio.gui.state.queue_state import NextTraining, TrainingQueue
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.state.training_queue import (
    kept_entries,
    with_entry_begun,
    with_next_kept,
    with_outcome,
    with_queued,
)
from aestudio.recipes.library import find_recipe
from aestudio.runs.queue_file import QueuedTraining, queued, recipe_of
from aestudio.training.events import Ended

RECIPE = find_recipe("vae")
FIRST, SECOND = (queued(RECIPE.with_settings({"seed": seed}), "auto", None, "auto") for seed in (1, 2))


def state_with(queue: TrainingQueue, **training: Any) -> StudioState:
    return StudioState(recipe=RECIPE, queue=queue, training=RunState(**training))


def ended(reason: str) -> Any:
    return Ended(reason, 10, 1.0, 2.0, advice="Lower the learning rate.")  # type: ignore[arg-type]


def keys(entries: tuple[QueuedTraining, ...]) -> list[str]:
    return [entry.key for entry in entries]


def test_the_first_that_is_added_decides_whether_the_queue_waits() -> None:
    idle = with_queued(state_with(TrainingQueue()), first=False)
    assert idle.queue.waits
    running = with_queued(state_with(TrainingQueue(), phase="running"), first=False)
    assert not running.queue.waits
    assert with_queued(replace(idle, training=running.training), first=False).queue.waits, "it waits on"


def test_train_next_is_before_all_others() -> None:
    state = with_queued(state_with(TrainingQueue((FIRST, SECOND))), first=True)
    assert keys(state.queue.entries)[1:] == keys((FIRST, SECOND))
    assert recipe_of(state.queue.entries[0]) == RECIPE


@pytest.mark.parametrize(("places", "order"), [(1, [1, 0]), (9, [1, 0]), (-1, [0, 1]), (0, [0, 1])])
def test_moving(places: int, order: list[int]) -> None:
    both = (FIRST, SECOND)
    assert TrainingQueue(both).moved(FIRST.key, places).entries == tuple(both[place] for place in order)
    assert TrainingQueue(both).moved("gone", places).entries == both


def test_another_data_set_is_looked_at_when_the_training_begins() -> None:
    failed = replace(FIRST, problem="no images")
    queue = TrainingQueue((failed, SECOND)).with_data(FIRST.key, "digits")
    assert (queue.entries[0].origin, queue.entries[0].facts, queue.entries[0].problem) == ("digits", None, "")
    assert queue.entries[1] is SECOND
    assert queue.with_data(SECOND.key, SECOND.origin) is queue, "it keeps what is known of its images"


def test_what_is_set_up_waits_when_the_window_closes() -> None:
    other = find_recipe("deep-ae")
    state = replace(state_with(TrainingQueue((FIRST,)), phase="running"), next_training=NextTraining(other))
    kept = with_next_kept(state)
    assert [entry.of_recipe for entry in kept.queue.entries] == [FIRST.of_recipe, other.title]
    assert kept.next_training == NextTraining()
    assert with_next_kept(kept) is kept, "closing takes several calls"
    same = replace(state, next_training=NextTraining(RECIPE))
    assert with_next_kept(same) is same, "that is the one that is trained"


def test_what_failed_is_passed_over() -> None:
    queue = TrainingQueue((FIRST, SECOND), waits=False, running=None).failing(FIRST, "no memory")
    assert queue.next == SECOND
    assert queue.entry(FIRST.key) == replace(FIRST, problem="no memory")
    assert queue.failed == "no memory"


@pytest.mark.parametrize(
    ("run", "waits", "left"),
    [
        ({"phase": "ended", "ended": ended("finished")}, False, []),
        ({"phase": "ended", "ended": ended("early_stopping")}, False, []),
        ({"phase": "ended", "ended": ended("stopped")}, True, []),
        ({"phase": "ended", "ended": ended("diverged")}, False, ["Lower the learning rate."]),
        ({"phase": "idle", "problem": StudioError("The disk is full")}, False, ["The disk is full."]),
        ({"phase": "idle"}, True, [""]),
    ],
)
def test_how_a_training_of_the_queue_ends(run: dict[str, Any], waits: bool, left: list[str]) -> None:
    queue = TrainingQueue((SECOND,), waits=False, running=FIRST)
    after = with_outcome(state_with(queue, **run), "training").queue
    assert after.waits is waits
    assert after.running is None
    assert [entry.problem.rstrip(".") for entry in after.entries[:-1]] == [one.rstrip(".") for one in left]
    assert after.entries[-1] == SECOND


def test_the_next_begins_when_a_training_has_ended() -> None:
    queue = TrainingQueue((FIRST,), waits=False)
    running, done = (state_with(queue, phase=phase) for phase in ("running", "ended"))
    assert go_on_with_queue(running, running) == ()
    assert go_on_with_queue(running, done) == (GoOnWithQueue("training"),)
    assert go_on_with_queue(done, done) == (), "once"
    refused = replace(done, queue=replace(queue, running=SECOND))
    assert go_on_with_queue(done, refused) == (GoOnWithQueue("training"),)
    chosen = replace(refused, queue=replace(refused.queue, begins=True))
    assert go_on_with_queue(done, chosen) == (), "it is just being chosen"


def test_the_file_holds_what_has_no_run_yet() -> None:
    state = state_with(TrainingQueue((SECOND,), running=FIRST), phase="preparing")
    assert kept_entries(state) == (FIRST, SECOND)
    assert write_queue(state, state) == (WriteQueue((FIRST, SECOND)),)
    begun = replace(state, training=replace(state.training, run="a run"))
    assert kept_entries(begun) == (SECOND,)
    written = replace(begun, queue=replace(begun.queue, saved=(SECOND,)))
    assert write_queue(begun, written) == ()


def test_the_form_shows_what_is_set_up() -> None:
    state = with_next_shown(state_with(TrainingQueue(), phase="running"), True)
    other = find_recipe("deep-ae")
    state = with_set_up(state, lambda one: replace(one, recipe=other))
    assert state.recipe == RECIPE
    assert set_up_recipe(state) == as_set_up(state).recipe == other
    assert not as_set_up(state).training.active
    hidden = with_next_shown(state, False)
    assert as_set_up(hidden) is hidden
    assert set_up_recipe(with_next_shown(hidden, True)) == other, "it is still there"
    done = replace(hidden, training=RunState(phase="ended"))
    assert take_next_recipe(state, hidden) == ()
    assert take_next_recipe(hidden, done) == (TakeNextRecipe(),)
    taken = with_next_taken(done)
    assert (taken.recipe, taken.next_training) == (other, NextTraining())


def test_a_training_that_begins_takes_its_place_in_the_sidebar() -> None:
    state = state_with(TrainingQueue((FIRST, SECOND)), phase="ended")
    begun = with_entry_begun(state, replace(SECOND, device="cpu"), recipe_of(SECOND))
    assert (begun.recipe.value("seed"), begun.device) == (2, "cpu")
    assert begun.queue.entries == (FIRST,)
    assert not begun.queue.waits
