"""The window's commands by id: lessons and tests run them whatever the language is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from aestudio.errors import BadChoice
from aestudio.gui.window.commands.table import window_commands
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


class Louder(QTranslator):
    """A language in which every text ends with an exclamation mark."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, *_: object) -> str:
        return f"{text}!"


def test_ids_stay_when_the_language_changes(person: Person) -> None:
    english = person.window.commands
    other = Louder()
    QCoreApplication.installTranslator(other)
    try:
        translated = window_commands(person.window)
    finally:
        QCoreApplication.removeTranslator(other)
    assert list(translated) == list(english)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)+", name) for name in english)
    assert translated["training.stop"].text == f"{english['training.stop'].text}!"
    assert [one.shortcut for one in translated.values()] == [one.shortcut for one in english.values()]


def test_every_command_has_texts_and_those_with_a_key_need_no_arguments(person: Person) -> None:
    for command in person.window.commands.values():
        assert command.text, command.id
        assert command.help, command.id
        if command.choices is not None:
            assert len(command.arguments) == 1, command.id
        elif command.menu or command.shortcut:
            assert command.complete, command.id


def test_a_training_is_set_up_and_run_by_commands_alone(person: Person) -> None:
    run = person.window.commands.run
    person.window.session.recipe.choose_recipe(small())
    run("recipe.set", name="learning_rate", value="0.002")
    assert person.state.recipe.value("learning_rate") == 0.002
    run("training.step")
    person.wait_phase("paused")
    run("training.stop")
    person.wait_phase("ended")
    run("image.select", index=5)
    assert person.state.selected == 5
    run("view.show", name="reconstruct")
    assert person.window.view.name == "reconstruct"


def test_a_recipe_is_chosen_by_name_and_unknown_names_are_refused(person: Person) -> None:
    run = person.window.commands.run
    run("recipe.choose", name="vae")
    assert person.state.recipe.name == "vae"
    for name, values in {
        "recipe.choose": {"name": "no such"},
        "view.show": {"name": "no such"},
        "theme.choose": {"scheme": "no such"},
        "recipe.set": {"name": "epochs", "value": "many"},
    }.items():
        with pytest.raises(BadChoice):
            run(name, **values)


def test_the_key_of_a_panel_shows_the_latent_view_and_the_panel(person: Person) -> None:
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    person.show("train")
    person.keys("Alt+2")
    assert person.window.view.name == "latent"
    panels = person.window.view.panels  # type: ignore[attr-defined]
    assert panels.front.name == list(panels.known)[1]
