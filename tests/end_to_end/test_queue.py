"""The queue of trainings through the real window: set up beside a training, added, ordered, begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.widgets.offer_kinds import offer_of
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


@pytest.mark.thorough
def test_a_recipe_is_set_up_beside_a_training_and_trained_after_it(person: Person) -> None:
    window = person.window
    session, left = window.session, window.left
    session.recipe.choose_recipe(small(epochs=LONG))
    assert not left.queue.isVisible()
    person.click(left.training.start)
    person.wait(lambda: person.step > 0)
    present, run = person.state.recipe, person.training.run
    assert left.heading.text() == "This training"
    assert not left.recipe.form.row("latent_size").editor.isEnabled()

    person.click(left.other)
    assert left.heading.text() == "Next training"
    form: Any = left.recipe.form
    assert form.row("latent_size").editor.isEnabled()
    window.commands.run("recipe.set", name="latent_size", value="3")
    window.commands.run("recipe.set", name="epochs", value="1")
    assert person.state.recipe == present, "what is trained has not changed"
    assert present.title in window.bar.header.text, "the header names the run that is trained"
    person.click(left.queue.add)
    window.commands.run("recipe.set", name="latent_size", value="4")
    person.keys("Ctrl+Shift+Return")
    assert left.queue.show_queue.text() == "Queue: 2"
    assert not person.state.queue.waits
    for command, waits, said in (
        ("queue.go_on", False, "The queue goes on already: its next training begins after this one."),
        ("queue.hold", True, "The queue waits until you start it."),
        ("queue.hold", True, "The queue waits already, until you start it."),
        ("queue.go_on", False, "The queue goes on when this training has ended."),
    ):
        person.action(command).trigger()
        assert person.state.message.text == said
        assert person.state.queue.waits == waits

    person.click(left.queue.show_queue)
    queue: Any = window.dialogs.queue
    assert queue.isVisible()
    assert [queue.list.topLevelItem(row).text(1)[:8] for row in range(2)] == ["latent 3", "latent 4"]
    person.click(queue.down)
    assert [queue.list.topLevelItem(row).text(1)[:8] for row in range(2)] == ["latent 4", "latent 3"]
    assert not queue.run_now.isEnabled(), "a training runs"
    top = queue.list.visualItemRect(queue.list.topLevelItem(0)).center()
    offered = {one.text: one.obstacle for one in offer_of(queue.list.viewport(), top).entries}
    assert offered["Train now"] == "A training runs: stop it first."
    assert offered["Train it earlier"] == "It is the first already."
    assert offered["Train it later"] == ""
    person.qtbot.keyClick(queue.list, Qt.Key.Key_Delete)
    assert [entry.changes[0] for entry in person.state.queue.entries] == ["latent 4"]

    titles = [queue.data.itemText(place) for place in range(queue.data.count())]
    assert titles[-2:] == ["A folder ...", "A file (.npz, IDX) ..."]
    before = queue.list.topLevelItem(0).text(2)
    wanted = next(place for place in range(queue.data.count() - 2) if queue.data.itemText(place) != before)
    queue.data.setCurrentIndex(wanted)
    queue.data.activated.emit(wanted)
    assert queue.list.topLevelItem(0).text(2) == titles[wanted] != before
    back = titles.index(before)
    queue.data.setCurrentIndex(back)
    queue.data.activated.emit(back)
    assert queue.list.topLevelItem(0).text(2) == before

    person.click(left.other)
    assert left.heading.text() == "This training"
    person.click(left.training.stop)
    person.wait_phase("ended")
    assert person.state.queue.waits, "who stops a training does not want the next one at once"
    assert queue.go_on.text() == "Start the queue"
    person.click(queue.go_on)
    person.wait(lambda: person.training.run not in ("", run) and person.training.phase == "ended")
    assert person.state.snapshot is not None
    assert person.state.snapshot.recipe.value("latent_size") == 4
    assert queue.list.topLevelItemCount() == 0
    assert "Nothing waits" in queue.note.text()
    assert left.heading.text() == "Next training"
    assert person.state.recipe.value("latent_size") == 4, "what was set up last is still there"
    queue.close()
