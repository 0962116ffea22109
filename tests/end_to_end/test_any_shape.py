"""Images that are not MNIST's, as a user's own file, through every view of the real window."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QFileDialog, QLabel

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.inference.frozen_model import FrozenModel
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from tests.end_to_end.conftest import LONG, pixels, small
from tests.end_to_end.test_small_screens import check_every_view
from tests.images import colour_32, colour_32x24, grey_28x20, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton, QWidget

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

SETS = {"colour 32x24": colour_32x24, "colour 32x32": colour_32, "grey 28x20": grey_28x20}
QUICK_SET = "colour 32x24"  # in colour and not square, so that it stands for the other two
# As many steps as show something, in as little time as possible.
QUICK: dict[str, Any] = {"batch_size": 40, "validation_images": 40, "latent_size": 3, "epochs": 1}


@pytest.fixture(
    params=[name if name == QUICK_SET else pytest.param(name, marks=pytest.mark.slow) for name in SETS]
)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return SETS[request.param](160, 60)


@pytest.fixture
def messages() -> dict[str, str]:
    """Every message at the foot of the user's window, and its tone."""
    return {}


@pytest.fixture
def user(
    dataset: Dataset,
    digits: Dataset,
    open_window: Callable[..., Person],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    messages: dict[str, str],
) -> Person:
    """A user whose data set is the saved file; names give the built-in digits without loading."""

    def load(name: str, **others: Any) -> Dataset:
        return load_dataset(name, **others) if os.sep in name else digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    caplog.set_level(logging.WARNING)
    person = open_window(dataset=str(save(dataset, tmp_path)))

    def note() -> None:
        messages[person.state.message.text] = person.state.message.tone

    person.window.session.changed.connect(note)
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.wait_computed()
    loaded = person.state.data.dataset
    assert loaded is not None
    assert loaded.shape.image == dataset.shape.image
    return person


def view(person: Person, name: str) -> Any:
    """A view, brought to the front, with all that it shows computed."""
    person.show(name)
    settle(person)
    return person.window.views[name]


def settle(person: Person) -> None:
    """Wait until all is computed; no request may have failed."""
    person.wait_computed()
    failed = {channel: result.problem for channel, result in person.state.results.items() if result.problem}
    assert failed == {}


def trained(person: Person, recipe: str, **settings: object) -> None:
    """Train a recipe to its end, and check that what is shown has the images' shape."""
    person.window.session.recipe.choose_recipe(small(recipe, **{**QUICK, **settings}))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait_computed()
    assert person.state.snapshot is not None
    assert person.state.snapshot.data == person.state.data_shape


def chosen_path(monkeypatch: pytest.MonkeyPatch, button: QAbstractButton, path: Path, person: Person) -> None:
    """Click a button whose dialog asks for a file, choose this one, and wait until it is written."""
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(path)))
    person.wait(button.isEnabled)
    person.click(button)
    person.wait(lambda: path.exists() and not person.state.tasks)


def stroke(person: Person, pad: QWidget) -> None:
    middle, height = pad.width() // 2, pad.height()
    for _ in person.drag(pad, *(QPoint(middle, int(height * share)) for share in (0.2, 0.35, 0.5, 0.65))):
        pass


def assert_nothing_went_wrong(
    person: Person, messages: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """No failed request, no message or notice of a problem, no warning in the log."""
    settle(person)
    assert len(messages) > 1
    assert {text: tone for text, tone in messages.items() if tone not in ("plain", "good")} == {}
    shown = [label.text() for label in person.window.notice.findChildren(QLabel) if label.isVisible()]
    assert not shown
    assert [record.getMessage() for record in caplog.records] == []


def check_train_and_reconstruct(person: Person, dataset: Dataset) -> None:
    shape = dataset.shape.image.array
    view(person, "train")
    assert person.state.value("reconstruction row").shape[1:] == shape
    reconstruct = view(person, "reconstruct")
    person.click(person.button("worst", reconstruct))
    person.wait_computed()
    worst = person.state.value("worst")
    assert person.state.snapshot is not None
    losses = FrozenModel(person.state.snapshot).image_losses(person.state.image_set.images)  # type: ignore[union-attr]
    assert losses[worst.indices[0]] == pytest.approx(losses.max(), rel=1e-4)
    pad = reconstruct.corner.pad
    person.wait(pad.isVisible)
    stroke(person, pad)
    person.wait(lambda: person.state.value("drawn") is not None)
    person.wait_computed()
    assert person.state.value("drawn").image.shape == shape
    person.click(reconstruct.corner.keep)
    person.wait_computed()
    assert person.state.workspace.drawings[-1].image.shape == shape


def check_latent(person: Person, dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shape = dataset.shape.image.array
    latent = view(person, "latent")
    person.wait(lambda: person.state.exploration.image is not None)
    for panel in latent.panels.known:
        latent.panels.show_page(panel)
        settle(person)
    track = latent.explorer.slider_column.sliders[0].findChild(FineSlider)
    before = pixels(latent.explorer.image)
    for _ in person.drag(track, *(QPoint(track.width() * n // 10, track.height() // 2) for n in (5, 2, 9))):
        pass
    assert person.state.exploration.image is not None
    assert person.state.exploration.image.shape == shape
    assert not np.array_equal(pixels(latent.explorer.image), before)
    plot = latent.map.map.plot
    x, y = person.state.value("map").xy[7].tolist()
    person.qtbot.mouseMove(plot.viewport(), plot.mapFromScene(plot.map_box.mapViewToScene(QPointF(x, y))))
    person.wait(lambda: person.state.hovered >= 0 and person.state.value("hovered") is not None)
    assert person.state.value("hovered").original.shape == shape
    person.window.session.workspace.select(np.array([1, 3, 5]))
    chosen_path(monkeypatch, latent.map.tools.selection.export, folder / "selection.npz", person)
    with np.load(folder / "selection.npz") as file:
        kept = file["images"]
    np.testing.assert_array_equal(kept, person.state.image_set.images[[1, 3, 5]])  # type: ignore[union-attr]
    latent.panels.show_page("interpolation")
    person.wait_computed()
    interpolation = latent.panels["interpolation"]
    interpolation.export.click()
    interpolation.export.dialog.accept_path(folder / "animation.gif")
    person.wait(lambda: (folder / "animation.gif").exists() and not person.state.tasks)
    with Image.open(folder / "animation.gif") as frames:
        assert frames.size[0] * shape[1] == frames.size[1] * shape[2], "the proportions of the images"


def check_features_and_compress(
    person: Person, dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = view(person, "features")
    assert person.state.value("first weights").images.shape[1] == dataset.shape.image.channels
    person.click(features.probe.button)
    person.wait(lambda: person.state.probe.report is not None)
    chosen_path(monkeypatch, features.export.button, folder / "features.npz", person)
    with np.load(folder / "features.npz") as file:
        assert {name: len(file[name]) for name in ("codes", "labels")} == {"codes": 60, "labels": 60}
    view(person, "compress")
    assert person.state.value("compressed").original.shape == dataset.shape.image.array
    assert len(person.state.value("rate")) > 1


def check_compare(person: Person, dataset: Dataset) -> None:
    compare = view(person, "compare")
    person.click(compare.set_up.presets["ae against vae"])
    person.click(compare.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait_computed()
    assert compare.empty_reason.reason is None
    compared = person.state.value("comparison digit")
    assert len(compared) == 2
    assert {one.reconstruction.shape for one in compared} == {dataset.shape.image.array}


def test_every_view(
    user: Person,
    dataset: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    messages: dict[str, str],
) -> None:
    trained(user, "conv-vae")
    check_train_and_reconstruct(user, dataset)
    check_latent(user, dataset, tmp_path, monkeypatch)
    check_features_and_compress(user, dataset, tmp_path, monkeypatch)
    for recipe in ("hidden-256", "row-gru-ae"):
        trained(user, recipe)
        for name in ("reconstruct", "latent", "features"):
            view(user, name)
    user.window.session.recipe.choose_recipe(small("vae", **QUICK))
    check_compare(user, dataset)
    assert_nothing_went_wrong(user, messages, caplog)


@pytest.mark.thorough
def test_a_run_is_paused_reopened_and_branched_and_a_model_of_other_images_is_named(
    user: Person, dataset: Dataset, caplog: pytest.LogCaptureFixture, messages: dict[str, str]
) -> None:
    person = user
    person.window.session.recipe.choose_recipe(small("conv-vae", **{**QUICK, "epochs": LONG}))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 4)
    person.window.session.training.toggle()
    person.wait_phase("paused")
    paused = person.step
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > paused)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    person.wait_computed()
    run, shape = person.training.run, dataset.shape.image

    person.window.session.runs.open("conv-vae-2d")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "conv-vae-2d")
    person.wait_computed()
    sentence = f"takes images of 28 × 28, and those of the data set are {shape}"
    for name in ("reconstruct", "features"):
        assert sentence in view(person, name).empty_reason.reason.sentence
    view(person, "compress")
    assert person.window.views.reason is not None
    assert sentence in person.window.views.reason.sentence
    assert sentence in view(person, "latent").map.map.plot._empty.text()
    assert person.state.exploration.image is not None
    assert person.state.exploration.image.shape == (1, 28, 28)
    for name in ("train", "compare"):
        view(person, name)

    person.window.session.runs.open(run)
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == run)
    person.wait_computed()
    assert person.state.snapshot is not None
    assert person.state.snapshot.data.image == shape
    assert view(person, "reconstruct").empty_reason.reason is None
    assert person.state.exploration.image.shape == shape.array

    person.click(person.window.left.training.start)  # resumes
    person.wait(lambda: person.training.phase == "running" and person.step > paused + 2)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    person.wait_computed()
    person.window.session.history.show(2)
    person.wait(lambda: person.state.history.index == 2)
    person.wait_computed()
    person.window.session.history.branch(2, {"learning_rate": 0.002, "epochs": 1})
    person.wait(lambda: person.training.run != run and person.training.phase == "ended")
    person.wait_computed()
    record = KeptRun.at(runs_folder() / person.training.run).require_record()
    assert record.shape.image == shape
    assert record.branched_from is not None
    assert record.branched_from.run == run
    assert_nothing_went_wrong(person, messages, caplog)


@pytest.mark.thorough
def test_a_run_that_could_go_on_keeps_its_images_and_a_reset_takes_the_others(
    user: Person, dataset: Dataset, messages: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    person = user
    person.window.session.recipe.choose_recipe(small("conv-vae", **{**QUICK, "epochs": LONG}))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 2)
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    run = person.training.run
    person.window.session.data.choose("builtin")
    person.wait(lambda: person.state.data.phase == "ready" and person.state.data_shape.image == MNIST.image)
    reason = view(person, "reconstruct").empty_reason.reason
    assert person.window.left.training.start.text() == "Resume"
    assert "Reset to initial weights" in reason.sentence
    person.click(person.window.left.training.reset)
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.data.image == MNIST.image)
    assert view(person, "reconstruct").empty_reason.reason is None
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 2)
    assert person.training.run != run
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    assert_nothing_went_wrong(person, messages, caplog)


@pytest.mark.thorough
def test_nothing_is_cut_on_a_small_screen(user: Person) -> None:
    trained(user, "conv-vae", latent_size=4)
    user.window.resize(1024, 640)
    user.settle()
    assert user.window.size().toTuple() == (1024, 640)
    check_every_view(user)
