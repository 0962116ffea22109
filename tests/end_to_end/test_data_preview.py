"""Images are looked at before they are used: a folder, a table and an archive, with the mouse."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.gui.widgets.plain_text import ZERO_WIDTH_SPACE
from tests.datasets.own_forms import numbers
from tests.datasets.pages.page_of_digits import FORMS, page
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.window.files.data_preview import DataPreview
    from tests.end_to_end.conftest import Person


@pytest.fixture
def user(shared_person: Person) -> Person:
    return shared_person


def pictures(count: int = 48) -> NDArray[np.uint8]:
    return numbers(count, 28, 28)


def folder_of(folder: Path) -> Path:
    path = folder / "letters"
    for number, image in enumerate(pictures()):
        part = path / "abc"[number % 3]
        part.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(part / f"{number}.png")
    (path / "a" / "broken.png").write_bytes(b"")
    return path


def table_of(folder: Path) -> Path:
    path = folder / "digits.csv"
    rows = [",".join(map(str, [number % 4, *image.ravel()])) for number, image in enumerate(pictures())]
    names = ",".join(["label", *(f"pixel{number}" for number in range(784))])
    path.write_text("\n".join([names, *rows]))
    return path


def archive_of(folder: Path) -> Path:
    source = folder_of(folder)
    path = folder / "letters.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(source.rglob("*.png")):
            archive.write(file, file.relative_to(folder))
    return path


def opened(person: Person, path: Path) -> DataPreview:
    """Open a path as by dropping it, and wait until it is read."""
    person.window.opener.open_paths([path])
    person.wait(lambda: person.window.opener.preview is not None)
    person.wait(lambda: person.state.opened_data is not None and person.state.opened_data.phase != "reading")
    person.settle()
    preview = person.window.opener.preview
    assert preview is not None
    return preview


def choose(person: Person, preview: DataPreview, field: str, value: object) -> None:
    """Choose in the box of a switch with the arrow keys: its list is a popup, which this screen has not."""
    box = preview.switches.boxes[field]
    box.setFocus()
    assert box.findData(value) >= 0, f"{value} is not offered"
    while box.currentIndex() != box.findData(value):
        person.keys("Down" if box.currentIndex() < box.findData(value) else "Up", box)

    def was_read() -> bool:
        known = person.state.opened_data
        return known is not None and getattr(known.reading, field) == value and known.phase != "reading"

    person.wait(was_read)
    person.settle()


def choose_while_training(person: Person, preview: DataPreview) -> None:
    """Turn the images over, and wait until they are read, with the training still running."""
    preview.switches.decided.emit("invert", "yes")

    def was_read() -> bool:
        known = person.state.opened_data
        return known is not None and known.reading.invert == "yes" and known.phase == "ready"

    person.wait(was_read)
    assert person.training.phase == "running"


def same(one: Dataset, other: Dataset) -> None:
    for part in ("train", "test"):
        np.testing.assert_array_equal(getattr(one, part).images, getattr(other, part).images)
        np.testing.assert_array_equal(getattr(one, part).labels, getattr(other, part).labels)


@pytest.mark.parametrize("make", [folder_of, table_of, archive_of])
def test_what_is_opened_is_shown_and_used(user: Person, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    before = user.state.data.dataset
    preview = opened(user, path)
    expected = load_dataset(str(path))
    assert preview.grid.count == 40
    names, labels = expected.train.class_names, expected.train.labels
    assert labels is not None
    assert preview.classes.counts == tuple(np.bincount(labels))
    assert sorted(set(user.state.opened_data.summary.captions)) == list(names)  # type: ignore[union-attr]
    assert sum(preview.greys.counts) > 0
    broken = make is not table_of
    assert preview.left_out.isVisible() == broken
    if broken:
        assert preview.left_out.text().endswith("a/broken.png: broken")
    assert user.state.data.dataset is before
    user.click(preview.use)
    user.wait(lambda: user.state.data.dataset is not before)
    assert user.window.opener.preview is None
    assert user.window.view.name == "train"
    assert user.state.data.dataset is not None
    same(user.state.data.dataset, expected)


def test_a_switch_is_carried_out_at_once_and_kept(user: Person, tmp_path: Path) -> None:
    preview = opened(user, folder_of(tmp_path))
    assert not preview.switches.boxes["axes"].isVisible()
    choose(user, preview, "invert", "yes")
    choose(user, preview, "labels", "none")
    assert not preview.classes.isVisible()
    user.click(preview.look)
    user.wait(lambda: user.window.view.name == "reconstruct")
    dataset = user.state.data.dataset
    assert dataset is not None
    expected = load_dataset(str(tmp_path / "letters"), reading=Reading(invert="yes", labels="none"))
    np.testing.assert_array_equal(dataset.train.images, expected.train.images)
    assert dataset.train.labels is None
    again = opened(user, tmp_path / "letters")
    assert (again.switches.boxes["invert"].value, again.switches.boxes["labels"].value) == ("yes", "none")
    user.click(again.cancel)
    user.wait(lambda: user.state.opened_data is None)
    assert user.state.data.dataset is dataset


def test_pages_are_offered_to_be_cut_and_their_digits_are_shown(user: Person, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for form in FORMS:
        Image.fromarray(page(form, shadow=True)).save(tmp_path / "pages" / f"{form}.png")
    preview = opened(user, tmp_path / "pages")
    box = preview.switches.boxes["cut"]
    assert box.isVisible()
    assert box.currentText() == "Automatic: each picture"
    assert 2 <= preview.grid.count <= 3  # of four, some are for testing
    assert "cut out" in preview.notes.text()
    choose(user, preview, "cut", "digits")
    assert preview.grid.count == 40
    assert "96 digits cut out of 4 pages" in preview.notes.text()
    user.click(preview.look)
    user.wait(lambda: user.window.view.name == "reconstruct")
    dataset = user.state.data.dataset
    assert dataset is not None
    expected = load_dataset(str(tmp_path / "pages"), reading=Reading(cut="digits"))
    np.testing.assert_array_equal(dataset.train.images, expected.train.images)


def test_a_page_by_itself_is_shown_cut(user: Person, tmp_path: Path) -> None:
    Image.fromarray(page()).save(tmp_path / "page.png")
    preview = opened(user, tmp_path / "page.png")
    assert preview.grid.count == len(load_dataset(str(tmp_path / "page.png")).train)
    assert preview.switches.boxes["cut"].currentText() == "Automatic: each digit"
    user.click(preview.cancel)
    user.wait(lambda: user.window.opener.preview is None)


def test_images_are_looked_at_while_a_training_runs(user: Person, tmp_path: Path) -> None:
    session = user.window.session
    session.recipe.choose_recipe(small(epochs=LONG))
    user.open_sidebars()
    user.click(user.window.left.training.start)
    user.wait(lambda: user.training.phase == "running" and user.step > 0)
    before = user.state.data.dataset
    preview = opened(user, folder_of(tmp_path))
    assert preview.grid.count == 40
    seen = user.step
    user.wait(lambda: user.step > seen)  # it goes on
    assert not preview.use.isEnabled()
    assert not preview.look.isEnabled()
    assert preview.progress_text.text() == "They can be used once the training has ended."
    choose_while_training(user, preview)
    session.opened_data.use()  # as by a key
    assert user.state.opened_data is not None
    assert "stop it first" in user.state.message.text
    assert user.state.data.dataset is before
    session.training.stop()
    user.wait_phase("ended")
    user.settle()
    assert user.training.phase == "ended"
    user.wait(preview.use.isEnabled)
    assert not preview.progress_text.isVisible()
    user.click(preview.use)
    user.wait(lambda: user.window.opener.preview is None and user.state.data.dataset is not before)


def test_many_broken_pictures_are_asked_about(user: Person, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    for number in range(12):
        (folder / "b" / f"broken{number}.png").write_bytes(b"")
    preview = opened(user, folder)
    assert "13 of 61 pictures cannot be read" in preview.problem.text()
    assert not preview.use.isEnabled()
    user.click(preview.leave_out)
    user.wait(preview.use.isEnabled)
    user.settle()
    assert not preview.leave_out.isVisible()
    assert not preview.problem.isVisible()
    assert len(preview.left_out.text().splitlines()) == 13
    box = preview.switches.boxes["broken"]
    assert box.isVisible()
    assert box.value == "any"
    user.click(preview.cancel)
    user.wait(lambda: user.window.opener.preview is None)


def test_axes_can_be_chosen_otherwise(user: Person, tmp_path: Path) -> None:
    images = np.moveaxis(pictures(), 0, -1)
    np.savez(tmp_path / "matlab.npz", images=images, labels=np.arange(48) % 4)
    preview = opened(user, tmp_path / "matlab.npz")
    box = preview.switches.boxes["axes"]
    assert box.currentText() == "Automatic: number last"
    assert box.findData("first") < 0  # 28 images would have 48 labels
    choose(user, preview, "axes", "transposed")
    assert preview.problem.isVisible()
    assert not preview.use.isEnabled()
    choose(user, preview, "axes", "auto")
    assert preview.use.isEnabled()
    user.click(preview.cancel)


def test_reading_can_be_cancelled(user: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, progress: Callable[..., None], **__: object) -> None:
        while True:
            progress(3, 10, "Looking at 3.png")

    monkeypatch.setattr("aestudio.gui.controllers.opened_data_controller.load_dataset", slow)
    before = user.state.data.dataset
    user.window.opener.open_paths([folder_of(tmp_path)])
    user.wait(lambda: user.window.opener.preview is not None)
    preview = user.window.opener.preview
    assert preview is not None
    user.wait(lambda: preview.progress.value() == 300)
    assert preview.progress_text.text() == "Looking at 3.png"
    assert not preview.use.isEnabled()
    user.click(preview.cancel)
    user.wait(lambda: user.window.opener.preview is None and not user.window.session.tasks.alive())
    assert (user.state.opened_data, user.state.data.dataset) == (None, before)


def test_what_cannot_be_read_says_why(user: Person, tmp_path: Path) -> None:
    path = tmp_path / "cut.idx"
    path.write_bytes(struct.pack(">IIII", 0x803, 10, 28, 28) + bytes(100))
    preview = opened(user, path)
    assert str(path) not in dict(user.window.opener.recent_files()), "what was refused is not offered again"
    assert "cut.idx" in preview.problem.text().replace(ZERO_WIDTH_SPACE, "")
    assert preview.count.text() == "Nothing could be read."
    assert not preview.use.isEnabled()
    user.click(preview.cancel)


def test_a_folder_of_the_sidebar_is_looked_at_first(
    user: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    user.open_sidebars()
    left: Any = user.window.left
    left.data._chosen("folder ...")
    user.wait(lambda: user.window.opener.preview is not None)
    preview = user.window.opener.preview
    assert preview is not None
    user.click(preview.cancel)
    user.wait(lambda: user.window.opener.preview is None)
