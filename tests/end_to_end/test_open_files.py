"""File > Open, Recent and dropping files onto the real window: one function opens each kind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from aestudio.datasets.catalogue import load_dataset
from aestudio.gui.window.files.data_preview import DataPreview
from aestudio.recipes.library import find_recipe
from aestudio.recipes.recipe import write_recipe
from aestudio.resources import resources_folder
from tests.end_to_end.conftest import LONG, Person, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

MODEL = resources_folder() / "models" / "conv-vae-2d"


@pytest.fixture
def user(open_window: Callable[..., Person], digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A user with a model of MNIST's shape; data sets by name are there at once, paths are read."""

    def load(name: str, **others: Any) -> Dataset:
        return load_dataset(name, **others) if os.sep in name else digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)
    person = open_window()
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.wait(lambda: person.state.model is not None)
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person


def picture(folder: Path, name: str, left: int) -> Path:
    """White on black, 28x28: a bar at a place of its own."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, left : left + 4] = 250
    Image.fromarray(image).save(folder / name)
    return folder / name


def pixels_of(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image)


def npz(path: Path) -> Path:
    noise = np.random.default_rng(0).integers(0, 200, (40, 28, 28), np.uint8)
    noise[:, 0] = 0
    np.savez(path, images=noise, labels=np.arange(40) % 4)
    return path


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(person: Person, data: QMimeData) -> bool:
    """Drag data into the window and drop it there; whether it was taken."""
    window, buttons, keys = person.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    assert window.drop_area.hint.isVisible()
    event = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, event)
    assert not window.drop_area.hint.isVisible()
    return event.isAccepted()


def answer(person: Person, choice: str) -> None:
    """Wait until the images can be looked at, and click an answer."""
    person.wait(lambda: isinstance(QApplication.activeModalWidget(), DataPreview))
    preview = QApplication.activeModalWidget()
    assert isinstance(preview, DataPreview)
    person.wait(preview.use.isEnabled)
    person.click(getattr(preview, choice))
    QApplication.processEvents()


@pytest.mark.thorough
def test_each_kind_is_opened_by_dropping_by_the_dialog_and_again(user: Person, tmp_path: Path) -> None:
    """In one window: opening it takes longer than all of it."""
    check_a_picture(user, tmp_path)
    check_a_pasted_picture(user, tmp_path)
    check_several_pictures(user, tmp_path)
    check_images_to_look_at(user, tmp_path)
    check_images_to_train_on(user, tmp_path)
    check_a_run(user)
    check_a_recipe(user, tmp_path)
    check_the_dialog_and_recent(user, tmp_path)
    check_what_cannot_be_opened(user, tmp_path)


def check_a_picture(person: Person, folder: Path) -> None:
    """It is on the pad, and reconstructed as it is; drawn on, it is a drawing; Undo brings it back."""
    assert drop(person, mime(picture(folder, "one.png", 12)))
    person.wait(lambda: person.window.view.name == "reconstruct")
    corner = person.window.view.corner  # type: ignore[attr-defined]
    person.wait(lambda: corner.pad.shows_picture)
    given = pixels_of(folder / "one.png")
    assert np.array_equal(person.state.drawing, given[None])
    person.wait_computed()
    result = person.state.results["drawn"].value
    assert np.array_equal(result.triple.originals[0], given[None])
    assert not corner.strip.isVisible()
    person.click(corner.pad, corner.pad.rect().center() + QPoint(40, 40))
    assert not corner.pad.shows_picture
    assert not np.array_equal(person.state.drawing, given[None])


def check_a_pasted_picture(person: Person, folder: Path) -> None:
    """What was copied is on the pad as it is in its file, by the keys too; without a picture it says so."""
    clipboard, command = QApplication.clipboard(), person.window.commands["picture.paste"]
    clipboard.setText("no picture")
    assert "no picture on the clipboard" in command.obstacle()
    given = pixels_of(picture(folder, "pasted.png", 20))
    clipboard.setImage(QImage(str(folder / "pasted.png")))
    assert command.obstacle() == ""
    person.window.show_view("train")
    person.action("picture.paste").trigger()
    person.wait(lambda: person.window.view.name == "reconstruct")
    corner = person.window.view.corner  # type: ignore[attr-defined]
    person.wait(lambda: corner.pad.shows_picture and np.array_equal(person.state.drawing, given[None]))
    copied = picture(folder, "copied.png", 2)
    clipboard.setMimeData(mime(copied))
    person.action("picture.paste").trigger()
    person.wait(lambda: np.array_equal(person.state.drawing, pixels_of(copied)[None]))
    clipboard.clear()


def check_several_pictures(person: Person, folder: Path) -> None:
    """They are in a strip; the chosen one is on the pad, also after another view was in front."""
    paths = [picture(folder, f"{number}.png", 6 * number) for number in (1, 2, 3)]
    assert drop(person, mime(*paths))
    corner = person.window.view.corner  # type: ignore[attr-defined]
    person.wait(corner.strip.isVisible)
    assert corner.strip.count == 3
    third = pixels_of(paths[2])[None]
    person.click(corner.strip, corner.strip.cell_rect(2).center().toPoint())
    assert np.array_equal(person.state.drawing, third)
    assert corner.strip.selected == 2
    person.show("train")
    person.show("reconstruct")
    assert np.array_equal(person.state.drawing, third)
    assert corner.pad.shows_picture


def check_images_to_look_at(person: Person, folder: Path) -> None:
    person.show("train")
    assert drop(person, mime(npz(folder / "mine.npz")))
    answer(person, "cancel")
    assert person.state.data.requested == "builtin"
    assert drop(person, mime(folder / "mine.npz"))
    answer(person, "look")
    assert person.window.view.name == "reconstruct"
    person.wait(lambda: person.state.data.phase == "ready" and person.state.data.dataset.title == "mine.npz")  # type: ignore[union-attr]
    tested = len(load_dataset(str(folder / "mine.npz")).test)
    assert len(person.state.image_set or ()) == tested


def check_images_to_train_on(person: Person, folder: Path) -> None:
    letters = folder / "letters"
    for name in ("a", "b"):
        (letters / name).mkdir(parents=True)
        for number in range(8):
            picture(letters / name, f"{number}.png", 3 * number)
    person.window.sidebars.set_open(person.window.left, False)
    assert drop(person, mime(letters))
    answer(person, "use")
    assert person.window.view.name == "train"
    assert person.window.is_open(person.window.left)
    person.wait(lambda: person.state.data.phase == "ready" and person.state.data.dataset.title == "letters")  # type: ignore[union-attr]
    assert person.window.focusWidget() is person.window.start_button


def check_a_run(person: Person) -> None:
    person.window.session.show_message("")
    assert drop(person, mime(MODEL / "run.json"))
    person.wait(lambda: person.state.message.text.startswith("Opened"))
    assert person.state.training.folder == MODEL.resolve()


def check_a_recipe(person: Person, folder: Path) -> None:
    write_recipe(find_recipe("vae").model_copy(update={"name": "m", "title": "Mine"}), folder / "m.json")
    assert drop(person, mime(folder / "m.json"))
    person.wait(lambda: person.state.recipe.title == "Mine")


def check_the_dialog_and_recent(person: Person, folder: Path) -> None:
    """The dialog opens with the same function; the newest is first in Recent, each once."""
    person.action("file.open").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    assert dialog.directory().absolutePath() == str(folder)
    dialog.filesSelected.emit([str(folder / "1.png")])
    dialog.close()
    QApplication.processEvents()
    person.wait(lambda: person.window.view.name == "reconstruct")
    menu = next(
        action.menu()
        for action in person.window.menuBar().actions()[0].menu().actions()
        if action.menu() is not None and action.text() == "Recent"
    )
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert texts[:3] == ["1.png", "m.json", MODEL.name]
    assert texts[-1] == "Forget recent files"
    assert texts.count("1.png") == 1
    menu.actions()[1].trigger()
    menu.aboutToHide.emit()
    person.window.session.recipe.choose_recipe(small())
    person.wait(lambda: person.state.recipe.title == "Mine" or "open files" not in person.state.tasks)
    person.action("file.forget_recent").trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions() if action.text()] == ["Forget recent files"]
    assert not person.action("file.forget_recent").isEnabled()
    menu.aboutToHide.emit()


def check_what_cannot_be_opened(person: Person, folder: Path) -> None:
    """It says what can, and leaves the menu; what is no file is not taken; a training keeps its images."""
    gone = picture(folder, "gone.png", 6)
    assert drop(person, mime(gone))
    person.wait(lambda: str(gone) in dict(person.window.opener.recent_files()))
    gone.unlink()
    person.window.opener.open_path(str(gone))
    person.wait(lambda: str(gone) not in dict(person.window.opener.recent_files()))
    (folder / "notes.txt").write_text("x")
    assert drop(person, mime(folder / "notes.txt"))
    person.wait(lambda: "notes.txt" in person.state.message.text)
    assert person.state.message.tone == "bad"
    (folder / "page.png").write_text("<html>a page, whatever its name says</html>")
    assert drop(person, mime(folder / "page.png"))
    person.wait(lambda: "page.png" in person.state.message.text)
    assert "no image of a kind that is known" in person.state.message.text
    assert drop(person, mime(Path(folder.anchor)))
    person.wait(lambda: "whole disk" in person.state.message.text)
    text = QMimeData()
    text.setText("some text")
    assert not drop(person, text)
    QApplication.sendEvent(person.window, QDragLeaveEvent())
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.window.session.training.start()
    person.wait(lambda: person.training.phase == "running")
    before = person.state.data.requested
    assert drop(person, mime(folder / "mine.npz"))
    person.wait(lambda: person.state.opened_data is not None and person.state.opened_data.usable)
    preview = person.window.opener.preview
    assert preview is not None
    assert not preview.use.isEnabled()
    assert person.state.data.requested == before
    person.click(preview.cancel)
