"""The palette on the real window: everything is found by typing and done by keyboard or mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from aestudio.gui.views.tab import PanelTab, discover
from aestudio.gui.window.files.recent_file import read_recent
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from aestudio.gui.window.palette.command_palette import CommandPalette
    from tests.end_to_end.conftest import Person


@pytest.fixture
def palette(person: Person) -> CommandPalette:
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    person.keys("Ctrl+K")
    return person.window.dialogs.palette


def rows(palette: CommandPalette) -> list[tuple[str, str]]:
    return [(entry.text, entry.kind) for entry in palette.list.entries.entries]


def find(palette: CommandPalette, text: str) -> list[tuple[str, str]]:
    palette.field.clear()
    QTest.keyClicks(palette.field, text)
    return rows(palette)


@pytest.mark.thorough
def test_everything_is_found_and_done(person: Person, palette: CommandPalette) -> None:
    """One window: opening it takes longer than all of it."""
    check_what_is_listed(person, palette)
    check_a_view_by_keyboard(person, palette)
    check_a_recipe_by_mouse(person, palette)
    check_recent_first(person, palette)
    check_what_cannot_be_done(person, palette)
    check_runs(person, palette)
    check_it_closes(person, palette)
    check_the_key_of_a_command(person, palette)
    check_sizes(person, palette)


def check_what_is_listed(person: Person, palette: CommandPalette) -> None:
    """Every command that needs no argument, and every recipe, data set, view, panel and run."""
    from aestudio.datasets.catalogue import dataset_menu

    listed = rows(palette)
    state, commands = person.state, person.window.commands
    assert {text for text, kind in listed if kind == "Recipe"} == {one.title for one in state.recipes}
    assert {text for text, kind in listed if kind == "Data set"} == {title for _, title, _ in dataset_menu()}
    assert len([kind for _, kind in listed if kind == "Run"]) == len(state.runs) >= 2
    assert len([kind for _, kind in listed if kind == "View"]) == len(person.window.views)
    assert len([kind for _, kind in listed if kind == "Panel"]) == len(discover(PanelTab))
    keys = {entry.key for entry in palette.list.entries.entries}
    assert keys >= {
        one.id for one in commands.values() if one.complete and not one.choices and one.keys_in == "window"
    }


def check_a_view_by_keyboard(person: Person, palette: CommandPalette) -> None:
    assert palette.field.hasFocus()
    assert find(palette, "comp view")[:2] == [("Compress", "View"), ("Compare", "View")]
    person.keys("Down", palette.field)
    person.keys("Return", palette.field)
    assert not palette.isVisible()
    assert person.window.view.name == "compare"


def check_a_recipe_by_mouse(person: Person, palette: CommandPalette) -> None:
    person.keys("Ctrl+K")
    assert find(palette, "deep autoenc recipe")[0][1] == "Recipe"
    wanted = palette.list.entries.entries[0].values["name"]
    assert person.state.recipe.name != wanted
    place = palette.list.visualRect(palette.list.entries.index(0)).center()
    person.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert person.state.recipe.name == wanted
    assert palette.list.entries.entries[0].text in person.state.message.text


def check_recent_first(person: Person, palette: CommandPalette) -> None:
    person.keys("Ctrl+K")
    assert palette.field.text() == ""
    first = [entry.key for entry in palette.list.entries.entries[:2]]
    assert first == [f"recipe.choose {person.state.recipe.name}", "view.compare"]
    assert read_recent("palette")[:2] == tuple(first)  # it survives a start
    palette.close_palette()


def check_what_cannot_be_done(person: Person, palette: CommandPalette) -> None:
    """It is found, says why, and a message says it again."""
    person.keys("Ctrl+K")
    find(palette, "redo")
    entry = palette.list.entry
    assert entry is not None
    assert entry.command.id == "edit.redo"
    assert entry.obstacle == "There is nothing more to redo."
    assert palette.help.text == entry.obstacle
    person.keys("Return", palette.field)
    assert person.state.message.text == entry.obstacle


def check_runs(person: Person, palette: CommandPalette) -> None:
    """A kept run is opened by its name."""
    person.window.session.recipe.choose_recipe(small(epochs=1))
    person.show("train")
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: any(not run.shipped for run in person.state.runs))
    own = next(run for run in person.state.runs if not run.shipped)
    person.keys("Ctrl+K")
    find(palette, "convolutional 2-d run")
    assert palette.list.entry is not None
    person.keys("Return", palette.field)
    person.wait(lambda: person.state.model is not None and person.state.model.origin == "shipped")
    person.keys("Ctrl+K")
    found = find(palette, f"{own.title} run")
    assert found[0][1] == "Run"
    person.keys("Return", palette.field)
    person.wait(lambda: person.state.training.run == own.name)


def check_it_closes(person: Person, palette: CommandPalette) -> None:
    """By Escape, which gives the focus back, and by a click elsewhere."""
    start = person.window.start_button
    start.setFocus()
    person.keys("Ctrl+K")
    assert find(palette, "qqqq") == []
    assert palette.list.entry is None
    person.keys("Return", palette.field)  # does nothing
    assert palette.isVisible()
    person.keys("Esc", palette.field)
    assert not palette.isVisible()
    assert start.hasFocus()
    person.keys("Ctrl+K")
    person.qtbot.mouseClick(person.window.status, Qt.MouseButton.LeftButton)
    assert not palette.isVisible()


def check_the_key_of_a_command(person: Person, palette: CommandPalette) -> None:
    """It closes the palette, and is about what had the focus before; keys of the field stay its own."""
    start = person.window.start_button
    start.setFocus()
    person.keys("Ctrl+K")
    find(palette, "vae")
    person.keys("Ctrl+A", palette.field)
    assert palette.field.selectedText() == "vae"
    assert palette.isVisible()
    person.keys("Ctrl+2", palette.field)
    assert person.window.view.name == "reconstruct"
    assert not palette.isVisible()
    assert start.hasFocus()


def check_sizes(person: Person, palette: CommandPalette) -> None:
    """It is whole inside a small and a large window, and follows the size of an open one."""
    window = person.window
    person.keys("Ctrl+K")
    for size in ((800, 600), (1920, 1080)):
        window.resize(*size)
        person.live(30)
        assert window.rect().contains(palette.geometry())
        assert palette.list.page >= 8
        middle = palette.mapTo(window, QPoint(palette.width() // 2, 0)).x()
        assert abs(middle - window.width() // 2) <= 1
    palette.close_palette()
