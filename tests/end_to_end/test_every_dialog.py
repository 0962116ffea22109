"""Every dialog and popup on five screens, both themes, type 1x and 1.5x: nothing is cut or out of reach.

Those of runs, of the queue and of sweeps are in `test_every_screen` and `test_sweep_screens`; a test holds
that each class of a dialog or popup is opened in one of the three.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from aestudio.gui.state.preferences import NORMAL_TEXT, TEXT_SIZES
from aestudio.gui.window.context.explanation import show_explanation
from tests.end_to_end.conftest import small
from tests.end_to_end.test_data_preview import folder_of, opened
from tests.end_to_end.test_every_screen import CHECKS, SIZES, set_text_size
from tests.end_to_end.test_one_subject import example
from tests.settling import settle
from tests.sources import nodes_of, sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Person

# The platform of the tests says so when the least size of a window that is shown grows with its text.
pytestmark = pytest.mark.qt_log_ignore("(This plugin )?does not support", extend=True)
BY_COMMAND = {
    "gallery": "recipe.gallery",
    "export": "export.format",
    "tags": "image.tags",
    "preferences": "window.preferences",
    "glossary": "help.glossary",
    "shortcuts": "help.shortcuts",
    "about": "help.about",
    "name": "run.name",
}
HERE = {
    "AnimationDialog",
    "BranchPopup",
    "CommandPalette",
    "DataPreview",
    "Explanation",
    "ExportDialog",
    "Gallery",
    "GlossaryDialog",
    "LosslessDialog",
    "MapOptions",
    "PadPopup",
    "PreferencesDialog",
    "TagsDialog",
}
ELSEWHERE = {
    "ComparisonWindow": "test_every_screen",
    "GuessDialog": "test_sabotage",
    "SlowMotionWindow": "test_slow_motion",
    "QueueWindow": "test_every_screen",
    "RunsWindow": "test_every_screen",
    "ShareQuestion": "test_every_screen",
    "SweepsWindow": "test_sweep_screens",
    "VaryDialog": "test_sweep_screens",
}
BASES = {"QDialog", "PopupFrame"}


def prepare(person: Person) -> None:
    """A variational model with bookmarks, whose Latent view has been computed."""
    session = person.window.session
    session.recipe.choose_recipe(small("vae", latent_size=10, epochs=1))
    person.click(person.window.start_button)
    person.wait_phase("ended")
    person.wait(lambda: person.state.history.usable)
    session.workspace.set_keyframes((example(1), example(2)))
    person.show("latent")
    person.wait_computed()


def modal(person: Person) -> QDialog:
    person.wait(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, QDialog)
    return found


def shut(person: Person, dialog: QDialog) -> None:
    dialog.close()
    person.wait(lambda: QApplication.activeModalWidget() is None)


def dialogs(person: Person, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Open each dialog by its command or button; yields its name and itself, and closes it afterwards."""
    for name, command in BY_COMMAND.items():
        person.window.commands.run(command)
        dialog = modal(person)
        if name == "export":
            formats: Any = dialog.formats  # type: ignore[attr-defined]
            for row in range(formats.count()):
                formats.setCurrentRow(row)
                yield f"{name}, {formats.item(row).text()}", dialog
        else:
            yield name, dialog
        shut(person, dialog)
    person.window.commands.run("code.lossless")
    lossless: Any = modal(person)
    yield "lossless begins", lossless
    person.wait(lambda: lossless.steps is not None)
    for step in (0, 1, lossless.slider.maximum()):
        lossless.slider.setValue(step)
        yield f"lossless, step {step}", lossless
    shut(person, lossless)
    preview = opened(person, folder)
    yield "data preview", preview
    preview.close()
    person.wait(lambda: person.window.opener.preview is None)
    yield from dialogs_of_latent(person)


def dialogs_of_latent(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The dialogs that panels of the Latent view open."""
    person.show("latent")
    person.window.commands.run("export.animation")
    dialog = modal(person)
    yield "animation", dialog
    shut(person, dialog)
    person.window.show_panel("attribute vectors")
    latent: Any = person.window.views["latent"]
    latent.panels.front.groups.menus[0].open_pad()
    dialog = modal(person)
    yield "drawing pad", dialog
    shut(person, dialog)
    latent.panels.drawer.set_open(False)


def popups(person: Person) -> Iterator[tuple[str, QWidget]]:
    """Open what lies over the window within it; yields its name and itself, and closes it afterwards."""
    window: Any = person.window
    person.show("latent")
    person.wait_computed()
    tools = window.view.map.tools
    person.click(tools.options_button)
    yield "map options", tools.options
    tools.options.close_popup()
    person.click(window.history.branch)
    popup = window.history.popup
    for index in range(popup.setting.count()):
        popup.setting.setCurrentIndex(index)
        yield f"branch, {popup.setting.currentText()}", popup
    popup.close_popup()
    window.commands.run("palette.open")
    palette = window.dialogs.palette
    yield "palette", palette
    palette.field.setText("no such thing at all")
    yield "palette without a match", palette
    person.keys("Esc", palette.field)
    slider = window.view.explorer.slider_column.sliders[0]
    explanation = show_explanation(slider.offer_at(None), slider, QPoint(4, 4), window)
    yield "explanation", explanation
    explanation.close_popup()


def problems_in_dialogs(person: Person, size: tuple[int, int], where: str, folder: Path) -> list[str]:
    """Everything that is wrong in any dialog over a window of this size."""
    found = []
    person.window.resize(*size)
    settle(person.window)
    for name, dialog in dialogs(person, folder):
        settle(dialog)
        if dialog.width() > size[0] or dialog.height() > size[1]:
            found.append(f"{where} {size} {name}: {dialog.size()} is larger than the main window")
        for check in CHECKS:
            found += [f"{where} {size} {name} {check.__name__}: {wrong}" for wrong in check(dialog)]
    for name, popup in popups(person):
        settle(person.window)
        place = QRect(popup.mapTo(person.window, QPoint(0, 0)), popup.size())
        if not person.window.rect().contains(place):
            found.append(f"{where} {size} {name}: {place} is not within the window")
        for check in CHECKS:
            found += [f"{where} {size} {name} {check.__name__}: {wrong}" for wrong in check(popup)]
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
def test_nothing_is_cut_in_any_dialog(person: Person, text: int, tmp_path: Path) -> None:
    """In the smallest window; the other sizes are slow."""
    prepare(person)
    set_text_size(person, text)
    found = problems_in_dialogs(person, SIZES[0], f"dark {text} %", folder_of(tmp_path))
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("text", [NORMAL_TEXT, TEXT_SIZES[-1]])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_cut_in_any_dialog_on_any_screen(
    person: Person, scheme: Any, text: int, tmp_path: Path
) -> None:
    prepare(person)
    holder = person.window.theme_holder
    assert holder is not None
    holder.set_scheme(scheme)
    set_text_size(person, text)
    folder = folder_of(tmp_path)
    found = [one for size in SIZES for one in problems_in_dialogs(person, size, f"{scheme} {text} %", folder)]
    assert found == [], "\n".join(found)


def test_each_dialog_and_popup_is_in_one_of_the_walks() -> None:
    declared = {
        node.name
        for path in sources("gui")
        for node in nodes_of(path, ast.ClassDef)
        if BASES & {ast.unparse(base) for base in node.bases}
    }
    assert declared | {"CommandPalette"} == HERE | set(ELSEWHERE)
