"""The menus of the real window: what they hold, what is checked, what is off and why, and what is written."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.latent.interpolation.animation_export import AnimationDialog
from aestudio.gui.window.preferences_dialog import PreferencesDialog
from tests.end_to_end.conftest import small
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QUrl

    from tests.end_to_end.conftest import Person

HELP = ["Tour", "Lessons", "Glossary", "Keyboard shortcuts", "-", "About AE Studio"]


def menu(person: Person, title: str, submenu: str = "") -> QMenu:
    """An open menu, or a submenu of it, as the user sees it."""
    found = next(
        action.menu()
        for action in person.window.menuBar().actions()
        if action.text().replace("&", "") == title
    )
    if submenu:
        found = next(action.menu() for action in found.actions() if action.text() == submenu)
    assert isinstance(found, QMenu)
    found.aboutToShow.emit()
    return found


def texts(opened: QMenu) -> list[str]:
    """The entries, "-" for a line."""
    return [("-" if one.isSeparator() else one.text().replace("&", "")) for one in opened.actions()]


def checked(opened: QMenu) -> set[str]:
    return {one.text() for one in opened.actions() if one.isCheckable() and one.isChecked()}


def choose_path(path: Path) -> None:
    """Answer the dialog that asks where a file is to be saved."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(path))
    dialog.close()
    QApplication.processEvents()


@pytest.mark.thorough
@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menus_say_and_do_what_is_possible(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one window: opening it takes longer than all of it."""
    check_the_menus(person)
    check_marks_follow_the_window(person)
    check_what_is_off_says_why(person)
    check_preferences(person)
    check_the_view_as_a_picture(person, tmp_path)
    train(person)
    check_curves(person, tmp_path)
    check_codes(person, tmp_path)
    check_an_animation(person)
    check_the_run_gets_a_name(person)
    check_the_folder(person, monkeypatch)


def check_the_menus(person: Person) -> None:
    bar = [action.text().replace("&", "") for action in person.window.menuBar().actions()]
    assert bar == ["File", "Edit", "View", "Training", "Explore", "Help"]
    assert texts(menu(person, "File")) == [
        "Open run or file ...",
        "Open data ...",
        "Open folder ...",
        "Recent",
        "-",
        "Save the run as ...",
        "Save the recipe as ...",
        "Export",
        "Show folder",
        "-",
        "Rename the run ...",
        "Share the run ...",
        "Remove the run",
        "-",
        "Quit",
    ]
    assert texts(menu(person, "Help")) == HELP
    for title in bar:
        entries = texts(menu(person, title))
        assert entries[0] != "-"
        assert entries[-1] != "-"
        assert ("-", "-") not in itertools.pairwise(entries)
        assert all(one.toolTip() for one in menu(person, title).actions() if not one.isSeparator())


def shut(person: Person) -> None:
    """Close every menu that was opened."""
    for opened in person.window.menuBar().findChildren(QMenu):
        opened.aboutToHide.emit()


def check_marks_follow_the_window(person: Person) -> None:
    window = person.window
    person.show("train")
    assert {"Train", "Recipe sidebar", "Inspector", "Dark"} <= checked(menu(person, "View"))
    person.show("features")
    window.toggle_sidebar(window.right)
    marks = checked(menu(person, "View"))
    assert "Features" in marks
    assert not {"Train", "Inspector", "Light", "Ink on paper"} & marks
    person.action("view.features").trigger()  # chosen again: it stays on
    assert person.action("view.features").isChecked()
    person.action("images.ink_on_paper").trigger()
    assert "Ink on paper" in checked(menu(person, "View"))
    assert person.state.message.text == "Grey images are drawn black on white."  # none may be on the screen
    person.action("curves.clip_outliers").trigger()
    assert person.state.message.text.startswith("Outliers of curves are clipped")
    person.action("curves.clip_outliers").trigger()
    assert person.state.message.text == "Curves are shown with their outliers."
    person.action("images.ink_on_paper").trigger()
    window.toggle_sidebar(window.right)


def check_what_is_off_says_why(person: Person) -> None:
    edit = menu(person, "Edit")
    redo = person.action("edit.redo")
    assert redo in edit.actions()
    assert not redo.isEnabled()
    assert redo.toolTip() == "There is nothing more to redo."
    edit.aboutToHide.emit()
    assert redo.isEnabled()  # so that its key still says why
    redo.trigger()
    assert person.state.message.text == "There is nothing more to redo."
    exports = menu(person, "File", "Export")
    off = {one.text(): one.toolTip() for one in exports.actions() if not one.isEnabled()}
    assert "lasso" in off["Selected images ..."]
    exports.aboutToHide.emit()


def check_preferences(person: Person) -> None:
    """Each change is seen at once, and the menu says the same."""
    person.action("window.preferences").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PreferencesDialog)
    dialog.ink.click()
    assert person.state.ink_on_paper
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.theme.activated.emit(dialog.theme.currentIndex())
    assert "Light" in checked(menu(person, "View"))
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.theme.activated.emit(dialog.theme.currentIndex())
    dialog.ink.click()
    assert not person.state.ink_on_paper
    dialog.close()
    QApplication.processEvents()


def check_the_view_as_a_picture(person: Person, folder: Path) -> None:
    person.show("train")
    person.action("edit.copy_view").trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == person.window.views.stack.size()
    person.action("export.view").trigger()
    choose_path(folder / "view.png")
    person.wait(lambda: (folder / "view.png").exists() and not person.state.tasks)
    with Image.open(folder / "view.png") as written:
        assert written.size == (image.width(), image.height())
    assert person.state.message.text == f"Wrote {folder / 'view.png'}."


def train(person: Person) -> None:
    shut(person)
    person.window.session.recipe.choose_recipe(small(epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: any(not run.shipped for run in person.state.runs))
    person.wait_computed()


def check_curves(person: Person, folder: Path) -> None:
    """Every point with its step and unit, as the state has it."""
    person.action("export.curves").trigger()
    choose_path(folder / "curves.csv")
    person.wait(lambda: (folder / "curves.csv").exists() and not person.state.tasks)
    with (folder / "curves.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    run = person.training.run
    for split, series in (("training", person.training.training), ("validation", person.training.validation)):
        own = [row for row in rows if (row["split"], row["term"]) == (split, "kl")]
        assert [int(row["step"]) for row in own] == series.step.astype(int).tolist()
        assert np.array_equal([float(row[run]) for row in own], series.term("kl"))
        assert {row["unit"] for row in own} == {"nats per image"}


def check_codes(person: Person, folder: Path) -> None:
    person.action("export.codes").trigger()
    choose_path(folder / "features.npz")
    person.wait(lambda: (folder / "features.npz").exists() and not person.state.tasks)
    with np.load(folder / "features.npz") as file:
        assert any(len(file[name]) == 120 for name in file.files if file[name].ndim == 2)


def check_an_animation(person: Person) -> None:
    """From anywhere: the panel is opened, and its dialog once the interpolation has been computed."""
    person.show("train")
    person.action("export.animation").trigger()
    assert person.window.views.front_name == "latent"
    person.wait(lambda: isinstance(QApplication.activeModalWidget(), AnimationDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AnimationDialog)
    dialog.close()
    QApplication.processEvents()
    model = person.state.model
    assert model is not None
    tiny = ExploredModel(snapshot_of("codebook"), "Tiny", "kept")
    person.window.session.update(model=tiny)
    opened = menu(person, "File", "Export")
    off = {one.text(): one.toolTip() for one in opened.actions() if not one.isEnabled()}
    assert "no path from one code to another" in off["Animation ..."]
    opened.aboutToHide.emit()
    person.window.session.update(model=model)
    person.show("train")


def check_the_run_gets_a_name(person: Person) -> None:
    person.action("run.name").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("For the paper")
    dialog.accept()
    person.wait(lambda: any(run.title == "For the paper" for run in person.state.runs))


def check_the_folder(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or False)
    person.action("run.show_folder").trigger()
    own = next(run for run in person.state.runs if not run.shipped)
    assert [url.toLocalFile() for url in opened] == [str(own.folder)]
    assert str(own.folder) in person.state.message.text  # the system has no file manager
