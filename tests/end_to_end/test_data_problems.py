"""A data set that cannot be loaded: the window reports it and offers three solutions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.gui.widgets.plain_text import ZERO_WIDTH_SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.window.files.data_preview import DataPreview
    from tests.end_to_end.conftest import Person


class Failing:
    """A loader that fails for every name while `broken`; paths go to the real loader."""

    def __init__(self, digits: Dataset) -> None:
        self.digits = digits
        self.broken = True
        self.requested_names: list[str] = []

    def __call__(self, name: str, **others: object) -> Dataset:
        from aestudio.datasets.catalogue import load_dataset

        self.requested_names.append(name)
        if Path(name).exists():
            return load_dataset(name, **others)  # type: ignore[arg-type]
        if self.broken and name != "builtin":
            raise StudioError("No network", where="train.gz <from the mirror>", advice="Try again later.")
        return self.digits


@pytest.fixture
def loader(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> Failing:
    failing = Failing(digits)
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", failing)
    return failing


@pytest.fixture
def failed(open_window: Callable[..., Person], loader: Failing) -> Person:
    """A window that could not load MNIST."""
    person = open_window("mnist")
    person.wait(lambda: person.state.data.phase == "failed")
    assert person.window.notice.isVisible()
    return person


def the_panel_names_problem_path_and_advice(failed: Person) -> None:
    from PySide6.QtWidgets import QLabel

    texts = [label.text() for label in failed.window.notice.findChildren(QLabel) if label.isVisible()]
    assert "No network" in texts
    assert "train.gz <from the mirror>" in texts
    assert "Try again later." in texts
    assert failed.window.isEnabled()


def retry_loads_the_same_name_again(failed: Person, loader: Failing) -> None:
    loader.broken = False
    failed.click(failed.button("retry"))
    failed.wait(lambda: failed.state.data.phase == "ready")
    assert loader.requested_names == ["mnist"] * 3
    assert not failed.window.notice.findChildren(object, "retry") or not any(
        button.isVisible()
        for button in failed.window.notice.findChildren(object, "retry")  # type: ignore[attr-defined]
    )


def a_failed_retry_shows_the_problem_again(failed: Person, loader: Failing) -> None:
    failed.click(failed.button("retry"))
    failed.wait(lambda: len(loader.requested_names) == 2 and failed.state.data.phase == "failed")
    assert failed.button("retry").isEnabled()


def the_built_in_digits_are_loaded_on_request(failed: Person) -> None:
    failed.click(failed.button("builtin"))
    failed.wait(lambda: failed.state.data.phase == "ready")
    assert failed.window.left.data.dataset.currentData() == "builtin"


def a_chosen_folder_is_loaded(failed: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image
    from PySide6.QtWidgets import QFileDialog

    for label in "01":
        (tmp_path / "mine" / label).mkdir(parents=True)
        for number in range(15):
            noise = np.random.default_rng(number).integers(0, 255, (28, 28), dtype=np.uint8)
            Image.fromarray(noise).save(tmp_path / "mine" / label / f"{number}.png")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "mine"))
    failed.click(failed.button("folder"))
    preview = looked_at(failed)
    failed.click(preview.use)
    failed.wait(lambda: failed.state.data.phase == "ready")
    assert failed.state.data.dataset is not None
    assert failed.state.data.dataset.train.class_names == ("0", "1")


def looked_at(failed: Person) -> DataPreview:
    """The preview of the folder that was chosen, read to its end."""
    failed.wait(lambda: failed.state.opened_data is not None and failed.state.opened_data.phase != "reading")
    preview = failed.window.opener.preview
    assert preview is not None
    return preview


def an_empty_folder_is_reported(failed: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    failed.click(failed.button("folder"))
    preview = looked_at(failed)
    assert not preview.use.isEnabled()
    assert str(tmp_path / "empty") in preview.problem.text().replace(ZERO_WIDTH_SPACE, "")
    failed.click(preview.cancel)
    assert failed.state.data.phase == "failed"  # the problem of before is still on the screen


def a_folder_whose_set_cannot_be_loaded_is_not_offered_again(failed: Person, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    (folder / "MNIST" / "raw").mkdir(parents=True)
    opener = failed.window.opener
    opener.open_path(str(folder))
    failed.wait(lambda: failed.state.data.phase == "failed" and failed.state.data.tried == folder)
    assert failed.state.data.folder != folder, "the folder of before is kept"
    failed.wait(lambda: str(folder) not in dict(opener.recent_files()))


def test_a_data_set_that_cannot_be_loaded(
    failed: Person, loader: Failing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One window for all checks: opening it takes longer than the checks."""
    the_panel_names_problem_path_and_advice(failed)
    a_failed_retry_shows_the_problem_again(failed, loader)
    retry_loads_the_same_name_again(failed, loader)
    for check in (a_chosen_folder_is_loaded, an_empty_folder_is_reported):
        fail_again(failed, loader)
        check(failed, tmp_path, monkeypatch)
    fail_again(failed, loader)
    a_folder_whose_set_cannot_be_loaded_is_not_offered_again(failed, tmp_path)
    the_built_in_digits_are_loaded_on_request(failed)


def fail_again(person: Person, loader: Failing) -> None:
    loader.broken = True
    person.window.session.data.choose("mnist")
    person.wait(lambda: person.state.data.phase == "failed" and person.state.data.requested == "mnist")


def test_damaged_files_are_named(open_window: Callable[..., Person], tmp_path: Path, digits: Dataset) -> None:
    """Real files, read by the real loader behind the window."""
    person = open_window(damaged_files(tmp_path / "truncated", "truncated", digits))
    assert_damage_is_named(person, tmp_path / "truncated")
    for damage in ("magic", "counts", "npz"):
        person.window.session.data.choose(damaged_files(tmp_path / damage, damage, digits))
        assert_damage_is_named(person, tmp_path / damage)


def damaged_files(folder: Path, damage: str, digits: Dataset) -> str:
    """Write files with this damage; returns them as the user names them."""
    import gzip
    import struct

    folder.mkdir()
    images, labels = digits.test.images[:40, 0], digits.test.labels
    assert labels is not None
    body = struct.pack(">IIII", 2051, 40, 28, 28) + images.tobytes()
    count = 39 if damage == "counts" else 40
    magic = 7 if damage == "magic" else 2049
    label_body = struct.pack(">II", magic, count) + labels[:count].astype(np.uint8).tobytes()
    packed = gzip.compress(body)
    (folder / "x-images.gz").write_bytes(packed[:200] if damage == "truncated" else packed)
    (folder / "x-labels.gz").write_bytes(gzip.compress(label_body))
    np.savez(folder / "bad.npz", images=np.zeros((3, 5)))
    pair = f"{folder / 'x-images.gz'},{folder / 'x-labels.gz'}"
    return str(folder / "bad.npz") if damage == "npz" else pair


def assert_damage_is_named(person: Person, folder: Path) -> None:
    person.wait(lambda: person.state.data.phase == "failed" and str(folder) in person.state.data.requested)
    problem = person.state.data.problem
    assert problem is not None
    assert str(folder) in problem.where
    assert "unexpected" not in problem.what
    assert person.window.notice.isVisible()


def test_a_dataset_that_fails_later_keeps_the_one_in_use(person: Person, digits: Dataset) -> None:
    person.window.session.update()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aestudio.gui.controllers.data_controller.load_dataset", Failing(digits))
        person.window.session.data.choose("kmnist")
        person.wait(lambda: person.state.data.phase == "failed")
    assert person.state.data.dataset is digits
    person.show("reconstruct")


def test_loading_shows_progress_and_can_be_cancelled(
    open_window: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(name: str, *, progress: Callable[..., None], **_: object) -> None:
        while True:
            progress(3, 10, "Downloading train-images")

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", slow)
    person = open_window("mnist")
    person.wait(lambda: person.state.tasks.get("dataset", (0,))[0] == 3)
    bar = person.window.notice._bar
    person.wait(bar.isVisible)
    assert bar.value() == 300
    person.click(person.button("Cancel", person.window.notice))
    person.wait(lambda: person.state.data.phase == "none")
    assert not bar.isVisible()
