"""Trainings that wait: one begins after the other, with a real trainer; what fails or is stopped is said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.next_training import set_up_recipe, sets_up_next
from aestudio.gui.state.training_queue import is_busy, kept_entries
from aestudio.runs.queue_claims import QueueClaims
from aestudio.runs.queue_file import queue_path, read_queue, recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.session import Session
    from aestudio.runs.queue_file import QueuedTraining
    from tests.gui.controllers.conftest import Loader

    Reach = Callable[[Callable[[], object]], None]

LONG = 10_000


def begin(session: Session, reach: Reach, epochs: int = LONG) -> None:
    session.update(recipe=session.state.recipe.with_settings({"epochs": epochs}))
    session.training.start()
    reach(lambda: session.state.training.progress is not None)


def add(session: Session, **settings: object) -> QueuedTraining:
    """Set up a training while another one runs, and add it."""
    if session.state.training.active:
        session.recipe.show_next(True)
    session.recipe.set_values({"epochs": 1, **settings})
    session.queue.add()
    return session.state.queue.entries[-1]


def titles(session: Session) -> list[str]:
    return [entry.title for entry in session.state.queue.entries]


def kept_runs(session: Session) -> list[str]:
    return [run.title for run in session.state.runs if not run.shipped]


def test_the_next_training_is_set_up_beside_the_present_one(session: Session, reach: Reach) -> None:
    begin(session, reach)
    present = session.state.recipe
    session.recipe.set_values({"latent_size": 5})
    assert session.state.recipe == present, "it is fixed while its own recipe is shown"
    session.recipe.show_next(True)
    assert set_up_recipe(session.state) == present, "it begins as a copy"
    session.recipe.set_values({"latent_size": 5})
    session.recipe.choose_objective("reconstruction")
    assert set_up_recipe(session.state).value("latent_size") == 5
    assert set_up_recipe(session.state).objective.kind() == "reconstruction"
    assert session.state.recipe == present
    session.recipe.show_next(False)
    assert set_up_recipe(session.state) == present
    session.training.stop()
    reach(lambda: not session.state.training.active)
    assert session.state.recipe.value("latent_size") == 5, "Start trains what was set up"
    assert not session.state.training.resumable
    assert "Resume" not in session.state.message.text
    assert "among the runs" in session.state.message.text


@pytest.mark.thorough
def test_one_begins_after_the_other(session: Session, reach: Reach) -> None:
    begin(session, reach, 40)
    first = session.state.training.run
    add(session, latent_size=4, seed=5)
    add(session, latent_size=6)
    assert not session.state.queue.waits
    reach(lambda: session.state.training.run != first and session.state.training.started is not None)
    reach(lambda: not session.state.queue.entries and session.state.queue.running is None)
    reach(lambda: not session.state.training.active)
    reach(lambda: len(kept_runs(session)) >= 3)
    assert session.state.snapshot is not None
    assert session.state.snapshot.recipe.value("latent_size") == 6
    seeds = {
        run.require_record().recipe.value("latent_size"): run.require_record().recipe.value("seed")
        for run in session.state.runs
        if not run.shipped
    }
    assert seeds[4] == 5
    reach(lambda: read_queue(queue_path()) == ())


def test_stop_lets_the_queue_wait(session: Session, reach: Reach) -> None:
    begin(session, reach)
    entry = add(session, latent_size=4)
    session.training.stop()
    reach(lambda: not session.state.training.active)
    assert session.state.queue.waits
    assert session.state.queue.entries == (entry,)
    assert session.state.message.text.endswith("The queue waits until you start it.")
    session.queue.go_on()
    reach(lambda: session.state.queue.running is not None)
    reach(lambda: session.state.training.phase == "ended" and not session.state.queue.entries)
    assert session.state.snapshot is not None
    assert session.state.snapshot.recipe.value("latent_size") == 4


def test_a_training_that_is_stopped_before_it_begins_waits_again(
    session: Session, loader: Loader, reach: Reach
) -> None:
    entry = add(session, latent_size=4)
    import threading

    loader.gate = threading.Event()
    session.update(queue=replace(session.state.queue, entries=(replace(entry, origin="elsewhere"),)))
    session.queue.go_on()
    reach(lambda: session.state.training.phase == "preparing")
    assert loader.requested_names[-1:] == [] or session.state.data.requested == "elsewhere"
    assert len(kept_entries(session.state)) == 1, "nothing is lost if the program ends now"
    session.training.stop()
    reach(lambda: not session.state.training.active)
    assert session.state.queue.waits
    assert [one.key for one in session.state.queue.entries] == [entry.key]
    loader.gate.set()
    reach(lambda: session.state.data.phase == "ready")


def test_a_failing_training_does_not_stop_the_others(session: Session, loader: Loader, reach: Reach) -> None:
    first, second = add(session, latent_size=4), add(session, latent_size=6)
    table = json.loads(first.recipe)
    table["network"]["kind"] = "my_network"
    broken = replace(first, recipe=json.dumps(table))
    facts = second.facts
    assert facts is not None
    changed = replace(second, key="other", facts=replace(facts, train=replace(facts.train, images="0" * 32)))
    session.update(queue=replace(session.state.queue, entries=(broken, changed, second)))
    assert session.state.queue.waits, "nothing ran"
    loader.dataset = replace(loader.dataset)  # loaded again, it is another object
    session.queue.go_on()
    reach(lambda: session.state.training.phase == "ended")
    assert session.state.snapshot is not None
    assert session.state.snapshot.recipe.value("latent_size") == 6
    problems = {entry.key: entry.problem for entry in session.state.queue.entries}
    assert set(problems) == {first.key, "other"}
    assert "my_network" in problems[first.key]
    assert "not the images that this training was set up for" in problems["other"]


def test_the_queue_is_kept_and_waits(session: Session, reach: Reach) -> None:
    from aestudio.gui.controllers.session import Session as Another

    begin(session, reach)
    add(session, latent_size=4)
    session.queue.add(first=True)
    entries = session.state.queue.entries
    reach(lambda: read_queue(queue_path()) == entries)
    session.training.stop()
    reach(lambda: not session.state.training.active)
    again = Another()
    try:
        assert again.state.queue.entries == entries
        assert again.state.queue.waits
    finally:
        reach(again.close)


def test_order_and_removal(session: Session, reach: Reach) -> None:
    for size in (4, 5, 6):
        add(session, latent_size=size)
    keys = [entry.key for entry in session.state.queue.entries]
    session.queue.move(keys[2], -1)
    assert [entry.key for entry in session.state.queue.entries] == [keys[0], keys[2], keys[1]]
    session.queue.move(keys[0], 9)
    assert [entry.key for entry in session.state.queue.entries] == [keys[2], keys[1], keys[0]]
    session.queue.remove(keys[1])
    session.queue.run_now(keys[0])
    reach(lambda: session.state.queue.running is not None)
    running = session.state.queue.running
    assert running is not None
    assert running.key == keys[0]
    reach(lambda: not titles(session) and not is_busy(session.state))
    assert session.state.queue.running is None
    assert not sets_up_next(session.state)


def test_a_damaged_file_is_said_and_kept(session: Session, reach: Reach) -> None:
    from aestudio.gui.controllers.session import Session as Another

    queue_path().parent.mkdir(parents=True, exist_ok=True)
    queue_path().write_text("{")
    again = Another()
    try:
        assert "queue of trainings cannot be read" in again.state.message.text
        assert again.state.queue.entries == ()
    finally:
        reach(again.close)
    add(session, latent_size=4)
    reach(lambda: queue_path().with_name("queue.json.damaged").exists())
    reach(lambda: not session.state.tasks)
    assert queue_path().with_name("queue.json.damaged").read_text() == "{"
    assert len(read_queue(queue_path())) == 1


def test_two_windows_never_begin_the_same_training(session: Session, reach: Reach) -> None:
    from aestudio.gui.controllers.session import Session as Another

    first, second = add(session, latent_size=4), add(session, latent_size=6)
    reach(lambda: read_queue(queue_path()) == (first, second))
    claims = QueueClaims(queue_path())
    other = Another()
    try:
        assert claims.claim(first.key, {first.key}), "a third window is about to begin it"
        other.queue.go_on()
        reach(lambda: other.state.queue.waits and not other.state.tasks)
        assert "Another window is beginning this training" in other.state.message.text
        assert other.state.queue.entries == (first, second), "nothing is lost"
        claims.release()
        session.queue.run_now(first.key)
        reach(lambda: first not in read_queue(queue_path()))
        other.queue.run_now(first.key)
        other.queue.hold()
        reach(lambda: not other.state.tasks and not other.state.queue.begins)
        assert first not in other.state.queue.entries, "it has been begun elsewhere"
        assert not other.state.training.active
    finally:
        reach(other.close)
        claims.release()


def test_what_is_set_up_waits_in_the_queue_when_the_window_closes(session: Session, reach: Reach) -> None:
    from aestudio.gui.controllers.session import Session as Another

    begin(session, reach)
    session.recipe.show_next(True)
    session.recipe.set_values({"latent_size": 7})
    reach(session.close)
    again = Another()
    try:
        (entry,) = again.state.queue.entries
        assert recipe_of(entry).value("latent_size") == 7
        assert again.state.queue.waits
    finally:
        reach(again.close)


def test_what_is_set_up_survives_a_branch(session: Session, reach: Reach) -> None:
    begin(session, reach)
    reach(lambda: len(session.state.history.history_checkpoints) > 2)
    session.recipe.show_next(True)
    session.recipe.set_values({"latent_size": 7})
    session.recipe.show_next(False)
    present = session.state.recipe
    session.history.branch(1, {"beta": 2.0})
    reach(lambda: session.state.training.progress is not None and session.state.recipe.value("beta") == 2.0)
    assert session.state.recipe.value("latent_size") == present.value("latent_size")
    session.recipe.show_next(True)
    assert set_up_recipe(session.state).value("latent_size") == 7
    session.training.stop()
    reach(lambda: not session.state.training.active)
    assert session.state.recipe.value("latent_size") == 7, "Start trains it"
