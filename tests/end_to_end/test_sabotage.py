"""A training that is sabotaged in the real window: said everywhere, guessed, explained, repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from aestudio.gui.window.sabotage.guess_dialog import GuessDialog
from aestudio.runs.kept_run import KeptRun
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Person


@pytest.fixture
def person(shared_person: Person) -> Iterator[Person]:
    """A training that is paused after some steps, in the Train view."""
    person = shared_person
    person.show("train")
    session = person.window.session
    if person.training.active:
        session.training.stop()
        person.wait_phase("ended")
    session.recipe.choose_recipe(small(epochs=LONG))
    session.training.start()
    person.wait(lambda: person.step > 3)
    session.training.pause()
    person.wait_phase("paused")
    yield person
    for dialog in dialogs():
        dialog.close()


def dialogs() -> list[GuessDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, GuessDialog) and one.isVisible()]


def sabotage(person: Person, name: str = "kl_sign") -> None:
    person.window.commands.run("sabotage.begin", name=name)
    person.wait(lambda: person.training.sabotage is not None)
    person.settle()


def test_the_mark_is_in_every_view_and_in_what_is_copied(person: Person) -> None:
    line, clean = person.window.sabotage, person.window.exports.view_image()
    assert not line.isVisible()
    sabotage(person)
    assert person.training.phase == "paused", "a paused training stays paused"
    assert "KL sign" in line.text.text
    for view in ("latent", "reconstruct", "train"):
        person.show(view)
        assert line.isVisible()
        assert person.window.bar.header.text.startswith("SABOTAGED (KL sign)")
    person.window.commands.run("edit.copy_view")
    copied = QGuiApplication.clipboard().image()
    assert copied.height() > person.window.stack.height() >= clean.height() - line.height() - 20
    person.wait(lambda: person.window.right.runs.list.topLevelItemCount() > 0)
    person.wait(lambda: any(run.title.startswith("SABOTAGED (KL sign)") for run in person.state.runs))


def test_no_explanation_before_the_guess(person: Person) -> None:
    sabotage(person)
    person.click(person.button("sabotage.guess", person.window.sabotage))
    (dialog,) = dialogs()
    assert len(dialog.choices) == 4
    assert not dialog.reason.isVisible()
    assert not dialog.repair.isVisible()
    wrong = next(name for name in dialog.choices if name != "kl")
    number = list(dialog.choices).index(wrong) + 1
    person.keys(str(number), dialog)
    assert person.training.guess == wrong
    assert dialog.verdict.text() == "No, this one: The course of the KL."
    assert [name for name, button in dialog.choices.items() if button.isEnabled()] == ["kl"], "bright"
    person.click(dialog.choices["kl"])
    assert person.training.guess == wrong, "the first guess counts"
    assert "rises without end" in dialog.reason.text()
    assert dialog.reason.isVisible()
    assert "Caught by: The course of the KL" in person.window.sabotage.text.text


def test_one_click_repairs_it_as_if_nothing_had_happened(person: Person) -> None:
    broken, at = person.training.run, person.step
    sabotage(person)
    person.window.session.training.resume()
    person.wait(lambda: person.step > at + 40)
    person.click(person.button("sabotage.repair", person.window.sabotage))
    person.wait(lambda: person.training.run not in ("", broken) and person.training.phase == "running")
    person.wait(lambda: person.training.started is not None)
    assert person.training.sabotage is None
    assert not person.window.sabotage.isVisible()
    assert "SABOTAGED" not in person.window.bar.header.text
    kept = KeptRun.at(person.training.path)
    origin = kept.require_record().branched_from
    assert origin is not None
    assert origin.step == at
    former = KeptRun.at(kept.folder.parent / broken)
    assert former.sabotage == "kl_sign"
    before = former.history_checkpoint(at).snapshot
    branched = kept.history_checkpoint(at).snapshot
    assert all(np.array_equal(before.weights[name], branched.weights[name]) for name in before.weights)


def test_a_kept_sabotaged_run_is_marked_when_it_is_opened(person: Person) -> None:
    sabotage(person, "noisy_target")
    name = person.training.run
    person.window.session.training.stop()
    person.wait_phase("ended")
    session: Any = person.window.session
    session.runs.open("conv-vae-2d")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "conv-vae-2d")
    assert not person.window.sabotage.isVisible()
    session.runs.open(name)
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == name)
    assert person.window.sabotage.isVisible()
    assert "Noisy target" in person.window.sabotage.text.text


def test_the_menu_says_why_nothing_can_be_sabotaged(person: Person) -> None:
    command = person.window.commands["sabotage.begin"]
    assert command.choices is not None
    assert "kl_sign" in [choice.value for choice in command.choices()]
    assert command.obstacle() == ""
    sabotage(person)
    assert "repair it first" in command.obstacle()
