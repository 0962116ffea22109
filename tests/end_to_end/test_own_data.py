"""Runs on the user's own data, opened again in the window; and models too large to be trained."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

import aestudio
from aestudio.datasets.catalogue import load_dataset
from tests.end_to_end.conftest import close

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

SMALL: dict[str, Any] = {"hidden": (8,), "latent_size": 2, "batch_size": 8, "device": "cpu", "epochs": 1}


@pytest.fixture
def real_paths(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names give the built-in digits without loading; paths are read."""

    def load(name: str, **others: Any) -> Dataset:
        return load_dataset(name, **others) if os.sep in name else digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")


def npz(path: Path, seed: int = 0) -> Path:
    noise = np.random.default_rng(seed).integers(0, 200, (40, 28, 28), np.uint8)
    noise[:, 0] = 0
    np.savez(path, images=noise, labels=np.arange(40) % 4)
    return path


def wait_until_settled(person: Person) -> None:
    person.wait(
        lambda: person.state.torch_phase == "ready" and person.state.data.phase in ("ready", "failed")
    )
    person.wait_computed()


def test_changed_files_are_reported_when_a_run_is_opened(
    open_window: Callable[..., Person], real_paths: None, tmp_path: Path, digits: Dataset
) -> None:
    path = npz(tmp_path / "mine.npz")
    run = aestudio.train("vae", str(path), **SMALL)
    npz(path, seed=1)
    person = open_window()
    wait_until_settled(person)
    person.window.session.runs.open(run.name)
    person.wait(lambda: person.state.data.phase == "failed")
    assert person.state.data.dataset is digits
    texts = [label.text() for label in person.window.notice.findChildren(QLabel) if label.isVisible()]
    assert any("not the images that the run was trained on" in text for text in texts)
    assert str(path) in texts
    person.click(person.button("retry"))
    person.wait(lambda: person.state.data.phase == "failed")
    npz(path)  # restored
    person.click(person.button("retry"))
    person.wait(lambda: person.state.data.phase == "ready")
    assert person.state.data.dataset is not None
    assert person.state.data.dataset.origin == str(path)


def test_changed_data_in_use_are_reported(
    open_window: Callable[..., Person], real_paths: None, tmp_path: Path
) -> None:
    path = npz(tmp_path / "mine.npz")
    run = aestudio.train("vae", str(path), **SMALL)
    npz(path, seed=1)
    person = open_window(str(path))  # chosen explicitly, so the changed images are shown
    wait_until_settled(person)
    assert person.state.data.phase == "ready"
    person.window.session.runs.open(run.name)
    person.wait(lambda: person.state.data.phase == "failed")


def test_a_run_on_arrays_is_opened_with_them(
    open_window: Callable[..., Person], real_paths: None, few_digits: Dataset
) -> None:
    run = aestudio.train("vae", replace(few_digits, name="mine", title="My arrays"), **SMALL)
    person = open_window()
    wait_until_settled(person)
    person.window.session.runs.open(run.name)
    person.wait(
        lambda: person.state.data.dataset is not None and person.state.data.dataset.title == "My arrays"
    )
    assert person.state.data.dataset is not None
    np.testing.assert_array_equal(person.state.data.dataset.test.images, few_digits.test.images)
    assert person.window.left.data.dataset.currentText() == "My arrays"


@pytest.mark.thorough
def test_names_that_are_not_utf_8(
    open_window: Callable[..., Person], real_paths: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / os.fsdecode(b"home_\xff")
    folder = tmp_path / os.fsdecode(b"Ziffern_\xfc")
    try:
        home.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    monkeypatch.setenv("AESTUDIO_HOME", str(home))
    for kind in (b"a_\xe4", b"b"):
        (folder / os.fsdecode(kind)).mkdir(parents=True)
        for number in range(8):
            noise = np.random.default_rng(number).integers(0, 200, (28, 28), np.uint8)
            Image.fromarray(noise).save(folder / os.fsdecode(kind) / f"{number}.png")
    run = aestudio.train("vae", str(folder), **SMALL)
    renamed = run.folder.with_name(os.fsdecode(b"vae_\xfc"))
    run.folder.rename(renamed)
    person = open_window()
    wait_until_settled(person)
    run_list = person.window.right.runs.list
    person.wait(lambda: any(not one.shipped for one in person.state.runs))
    item = run_list.topLevelItem([one.shipped for one in person.state.runs].index(False))
    run_list.itemActivated.emit(item, 0)
    person.wait(lambda: person.training.folder == renamed)
    person.wait(
        lambda: person.state.data.dataset is not None and person.state.data.dataset.origin == str(folder)
    )
    box = person.window.left.data.dataset
    assert box.currentText() == r"Ziffern_\xfc"
    assert person.state.data.dataset is not None
    assert person.state.data.dataset.train.class_names == (r"a_\xe4", "b")
    box.activated.emit(box.currentIndex())  # chosen again by its entry in the list
    wait_until_settled(person)
    assert person.state.data.phase == "ready", person.state.data.problem
    for view in ("reconstruct", "latent", "train"):
        person.show(view)
    close(person)
    assert {entry.name for entry in tmp_path.iterdir()} <= {
        home.name,
        folder.name,
    }  # no second home beside it


def test_a_model_that_is_too_large_is_refused_before_start(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.gui.controllers.memory_check.available_memory", lambda: 8_000_000_000)
    recipe = person.window.session.recipe
    recipe.set_value("hidden", (4096,) * 32)
    facts = person.window.left.recipe.facts
    person.wait(lambda: "more than the 8.0 GB that are free" in facts.text())
    person.click(person.button("Start"))
    assert person.training.phase == "idle"
    assert "8.0 GB are free" in person.state.message.text
    person.window.session.training.start(group="comparison")
    assert person.state.comparison.phase == "idle"
    assert "models need about" in person.state.message.text
    recipe.set_value("hidden", (16,))
    person.wait(lambda: "more than" not in facts.text())
    assert "of memory" in facts.text()
