"""A dropped picture becomes a compressed file, which opens where nothing of it is known, and is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QApplication, QFileDialog

from aestudio.codec.container import read_container
from aestudio.codec.opened_file import decompress, model_inside
from tests.end_to_end.conftest import small
from tests.end_to_end.test_open_files import drop, mime

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.end_to_end.conftest import Person


def answer(path: Path, kind: int) -> None:
    """Choose a path and a kind of file in the open dialog."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.selectNameFilter(dialog.nameFilters()[kind])
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_dropped_saved_opened_on_another_home_and_the_same(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small(epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    assert window.exports.no_compressed_pictures()  # and why
    for number in (1, 2):
        image = np.zeros((28, 28), np.uint8)
        image[4:24, 8 * number : 8 * number + 4] = 250
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    assert drop(person, mime(tmp_path / "1.png", tmp_path / "2.png"))
    person.wait(lambda: person.state.pictures is not None)
    person.wait(lambda: window.view.name == "reconstruct")

    window.actions_by_id["export.compressed_pictures"].trigger()
    assert window.view.name == "compress"
    file = tmp_path / "mine.aec"
    answer(file, 1)
    person.wait(lambda: file.exists() and not person.state.tasks)
    assert str(file) in person.state.message.text
    container = read_container(file)
    assert container.count == 2
    inside = model_inside(container, file)
    assert inside is not None
    written = decompress(container, inside, file).pictures

    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / "another home"))
    assert drop(person, mime(file))
    person.wait(lambda: person.state.pictures is not None and person.state.pictures.names[0] == "mine 1")
    assert person.state.pictures is not None
    assert np.array_equal(person.state.pictures.images, written)
    assert np.array_equal(person.state.drawing, written[0])
    person.wait(lambda: window.view.name == "reconstruct")
    assert f"2 pictures of {container.sizes.without_model} bytes" in person.state.message.text

    damaged = tmp_path / "damaged.aec"
    damaged.write_bytes(file.read_bytes()[:-20])
    assert drop(person, mime(damaged))
    person.wait(lambda: "damaged.aec" in person.state.message.text)
    assert "damaged" in person.state.message.text.lower()
    assert np.array_equal(person.state.pictures.images, written)  # those before stay
