"""The user's own models in the real window: one question, then they are used as the shipped ones are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QInputDialog

from aestudio.gui.controllers.session import Session
from aestudio.gui.startup.warmup import warm_up
from aestudio.gui.window.main_window import MainWindow
from aestudio.gui.window.screenshot import take_shot
from aestudio.paths import settings_folder, user_parts_folder, user_recipes_folder
from aestudio.recipes.own_parts.answers import answer_about
from aestudio.recipes.own_parts.part_folder import read_part_folder
from aestudio.recipes.recipe import read_recipe
from aestudio.runs.index import find_run
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.start import start_run
from tests.end_to_end.conftest import close, small
from tests.recipes.own_parts.conftest import allow, put, put_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QComboBox

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person


@pytest.fixture
def user(
    open_window: Callable[..., Person], quick_data: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Person]:
    """`user()` opens a window with the Train view in front, and waits until all is loaded."""
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")

    def start() -> Person:
        person = open_window()
        person.window.resize(1440, 900)  # the sidebar with the choosers is open
        person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
        person.wait_computed()
        return person

    return start


def kinds(box: QComboBox) -> set[str]:
    return {box.itemData(index) for index in range(box.count())}


def choose(person: Person, box: QComboBox, kind: str) -> None:
    """Choose an entry as the mouse does."""
    box.setCurrentIndex(box.findData(kind))
    box.activated.emit(box.currentIndex())


def question(person: Person) -> str:
    """The title of the question that is shown, "" for none."""
    panel = person.window.notice._problem
    return panel.accessibleName() if panel.isVisible() else ""


@pytest.mark.thorough
def test_a_network_is_asked_for_once_and_then_trains(user: Callable[[], Person]) -> None:
    folder = put("networks", "two_layers")
    person = user()
    box = person.window.left.recipe.network
    assert question(person) == "Load your network “two_layers”?"
    refuse, load = person.button("refuse"), person.button("allow")
    assert (refuse.text(), load.text()) == ("Do not load", "Load")
    assert refuse.property("role") == "primary"
    assert load.property("role") != "primary"
    assert "two_layers" not in kinds(box)
    person.click(load)
    person.wait(lambda: "two_layers" in kinds(box))
    assert question(person) == ""
    person.window.session.recipe.choose_recipe(small())
    choose(person, box, "two_layers")
    assert person.state.recipe.network.kind() == "two_layers"
    form = person.window.left.recipe.form
    assert form is not None
    assert form.row("units") is not None
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    assert person.state.snapshot is not None
    assert person.state.snapshot.recipe.network.kind() == "two_layers"
    loss = person.training.training.last("loss")
    assert loss is not None
    assert loss > 0
    person.wait_computed()
    close(person)
    again = user()
    assert question(again) == ""
    assert "two_layers" in kinds(again.window.left.recipe.network)
    assert sorted(path.name for path in folder.iterdir()) == ["config.py"]


@pytest.mark.thorough
def test_a_refused_network_is_not_asked_for_again_until_it_changes(user: Callable[[], Person]) -> None:
    folder = put("networks", "two_layers")
    person = user()
    person.click(person.button("refuse"))
    person.wait(lambda: answer_about(read_part_folder("networks", "two_layers")) is False)
    person.wait_computed()
    assert question(person) == ""
    assert "two_layers" not in kinds(person.window.left.recipe.network)
    (problem,) = person.state.own.problems
    assert problem.what == "You chose not to load the network two_layers"
    close(person)
    (folder / "config.py").write_bytes((folder / "config.py").read_bytes() + b"# changed\n")
    assert question(user()) == "Load your network “two_layers”?"


@pytest.mark.thorough
def test_two_folders_are_two_questions_and_a_dismissed_one_is_not_answered(
    user: Callable[[], Person],
) -> None:
    put("networks", "two_layers")
    put("objectives", "mean_absolute")
    person = user()
    assert question(person) == "Load your network “two_layers”?"
    person.window.notice._problem._close.click()
    assert question(person) == "Load your objective “mean_absolute”?"
    person.click(person.button("allow"))
    person.wait(lambda: "mean_absolute" in kinds(person.window.left.recipe.objective))
    assert question(person) == ""
    assert answer_about(read_part_folder("networks", "two_layers")) is None
    table = json.loads((settings_folder() / "own-models.json").read_text(encoding="utf-8"))
    assert list(table["answers"]) == ["objectives/mean_absolute"]


@pytest.mark.thorough
def test_the_gallery_shows_own_recipes_and_why_files_cannot_be_used(user: Callable[[], Person]) -> None:
    from aestudio.gui.window.gallery import Gallery

    put("networks", "two_layers")
    put("objectives", "mean_absolute")
    put_recipe()
    (user_recipes_folder() / "broken.json").write_text("{", encoding="utf-8")
    person = user()
    person.click(person.window.left.recipe.choose)
    gallery = person.window.findChild(Gallery)
    assert gallery is not None
    assert "two-layers" not in [card.recipe.name for card in gallery.cards]
    assert str(user_recipes_folder() / "broken.json") in gallery.problems.text()
    assert "You have not been asked yet whether to load the network two_layers" in gallery.problems.text()
    # Meanwhile the files are set right in another program; the open gallery follows once one comes back.
    for group, name in (("networks", "two_layers"), ("objectives", "mean_absolute")):
        allow(group, name)
    gallery.activateWindow()
    person.wait(gallery.isActiveWindow)
    person.wait(lambda: "two-layers" in [card.recipe.name for card in gallery.cards])
    own = next(card for card in gallery.cards if card.recipe.name == "two-layers")
    assert "your own recipe" in own._facts
    assert sum("your own recipe" in card._facts for card in gallery.cards) == 1
    assert "broken.json" in gallery.problems.text()
    assert "two_layers" not in gallery.problems.text()
    person.click(own)
    assert person.state.recipe.name == "two-layers"
    assert person.window.left.recipe.objective.currentData() == "mean_absolute"


@pytest.mark.thorough
def test_a_run_opens_after_its_network_was_allowed(user: Callable[[], Person], digits: Dataset) -> None:
    folder = put("networks", "two_layers")
    put("objectives", "mean_absolute")
    allow("networks", "two_layers")
    allow("objectives", "mean_absolute")
    recipe = read_recipe(put_recipe()).with_settings({"epochs": 1, "batch_size": 300})
    events = start_run(recipe, digits, device="cpu")
    assert [*events]
    run = KeptRun.at(events.folder)
    (folder / "config.py").write_bytes((folder / "config.py").read_bytes() + b"# changed\n")
    person = user()
    tree = person.window.right.runs.list
    person.wait(lambda: tree.topLevelItemCount() > 2)
    broken = next(kept for kept in person.state.runs if kept.name == run.name)
    assert broken.record is None
    person.window.session.runs.open(broken)
    person.wait(lambda: "not been asked yet whether to load the network" in person.state.message.text)
    assert person.state.message.tone == "bad"
    person.click(person.button("allow"))
    person.wait(lambda: any(kept.name == run.name and kept.record is not None for kept in person.state.runs))
    person.wait_computed()
    person.window.session.runs.open(run.name)
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == run.name)
    assert person.state.recipe.network.kind() == "two_layers"
    person.wait_computed()


@pytest.mark.thorough
def test_a_faulty_network_hinders_nothing_else(user: Callable[[], Person]) -> None:
    folder = put("networks", "two_layers")
    (folder / "config.py").write_text("import sys\nsys.exit(1 / 0)\n", encoding="utf-8")
    person = user()
    person.click(person.button("allow"))
    person.wait(lambda: person.state.own.problems)
    (problem,) = person.state.own.problems
    assert "ZeroDivisionError" in problem.what
    assert problem.where == f"{user_parts_folder('networks') / 'two_layers' / 'config.py'}, line 2"
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")


def save_recipe_as(person: Person, title: str) -> QInputDialog:
    """Choose the command, and type a title; the question is still open."""
    person.action("recipe.save").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(title)
    return dialog


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_recipe_is_saved_among_the_own_ones(user: Callable[[], Person]) -> None:
    person = user()
    person.window.session.recipe.choose_recipe(small(hidden=(48,)))
    save_recipe_as(person, " My digits ").accept()
    person.wait(lambda: "my-digits" in [recipe.name for recipe in person.state.recipes])
    assert "my-digits" in person.state.message.text
    assert person.state.own.recipes[0].value("hidden") == (48,)
    save_recipe_as(person, "My digits").accept()
    person.wait(lambda: "There is a recipe of this name" in person.state.message.text)
    save_recipe_as(person, "Other").reject()
    person.wait_computed()
    assert [path.name for path in user_recipes_folder().iterdir()] == ["my-digits.json"]


def test_a_screenshot_shows_the_own_parts_of_the_run_in_the_choosers(
    open_window: Callable[..., Person], quick_data: None, digits: Dataset, tmp_path: Path
) -> None:
    put("objectives", "mean_absolute")
    put("networks", "two_layers")
    allow("objectives", "mean_absolute")
    allow("networks", "two_layers")
    recipe = read_recipe(put_recipe()).with_settings({"epochs": 1, "batch_size": 300})
    events = start_run(recipe, digits, device="cpu")
    assert [*events]
    window, chosen = MainWindow(Session()), []
    warm_up(window.session)

    def look(window: MainWindow, out: Path) -> None:
        box = window.left.recipe
        chosen.extend([box.network.currentData(), box.objective.currentData()])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aestudio.gui.window.screenshot._write", look)
        take_shot(window, find_run(str(events.folder)), "train", 1440, 900, tmp_path / "shot.png")
    assert chosen == ["two_layers", "mean_absolute"]
