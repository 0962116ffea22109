"""Colour images in the real window: the painted pixels and the captions against numpy.

Errors as their luminance, weights of the first layer as colours, and why no strokes are measured.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from aestudio.datasets.catalogue import load_dataset
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT
from aestudio.inference.frozen_model import FrozenModel
from tests.end_to_end.conftest import small
from tests.images import colour_32, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtCore import QRectF
    from PySide6.QtWidgets import QWidget

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

REC_709 = np.array([0.2126, 0.7152, 0.0722])


@pytest.fixture
def user(
    digits: Dataset, open_window: Callable[..., Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """A user with a saved set of colour images."""

    def load(name: str, **others: Any) -> Dataset:
        return load_dataset(name, **others) if os.sep in name else digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    person = open_window(dataset=str(save(colour_32(), tmp_path)))
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.wait_computed()
    return person


def view_of(person: Person, name: str) -> Any:
    """A view, brought to the front, with all that it shows computed."""
    person.show(name)
    person.wait_computed()
    return person.window.view


def train(person: Person, recipe: str) -> None:
    person.window.session.recipe.choose_recipe(small(recipe, epochs=1, batch_size=40, validation_images=20))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait_computed()


def painted(widget: QWidget, rect: QRectF, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """What is painted in the middle of each pixel of an image (H, W) that fills a rectangle: (3, H, W)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    colours = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    height, width = shape
    y = (rect.top() + (np.arange(height) + 0.5) * rect.height() / height).astype(int)
    x = (rect.left() + (np.arange(width) + 0.5) * rect.width() / width).astype(int)
    return np.moveaxis(colours[y][:, x], 2, 0).copy()


def luminance_of_errors(person: Person, index: int) -> NDArray[np.float64]:
    """Of reconstruction minus test image in grey levels, rounded: (H, W)."""
    dataset, snapshot = person.state.data.dataset, person.state.snapshot
    assert dataset is not None
    assert snapshot is not None
    images = dataset.test.images[index : index + 1]
    errors = FrozenModel(snapshot).reconstruct(images)[0].astype(np.float64) - images[0]
    return np.rint(np.tensordot(REC_709, errors, 1))


@pytest.mark.thorough
def test_the_numbers_of_colour_images(user: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    train(user, "conv-vae")
    the_error_of_colour_images_is_the_luminance_of_the_differences(user)
    the_weights_of_a_first_layer_that_reads_colours(user, (4, 4))
    train(user, "vae")
    the_weights_of_a_first_layer_that_reads_colours(user, (32, 32))
    strokes_are_not_measured_in_colour_images(user)


def the_error_of_colour_images_is_the_luminance_of_the_differences(user: Person) -> None:
    reconstruct = view_of(user, "reconstruct")
    theme = current_theme()
    expected = error_image(luminance_of_errors(user, 0) / 255, theme, ERROR_LIMIT)
    assert len(np.unique(luminance_of_errors(user, 0))) > 20, "an image of errors that says something"

    inspector = user.window.right.inspector
    assert user.state.selected == 0
    assert inspector.error_caption.text() == "Luminance\nerror"
    assert "Luminance of reconstruction minus image" in inspector.error.toolTip()
    for view in (inspector.error, reconstruct.enlarged.error):
        user.wait(lambda view=view: view.image_rect().width() >= 32)
        np.testing.assert_array_equal(painted(view, view.image_rect(), (32, 32)), expected)
    assert reconstruct.enlarged.error.accessibleName() == "Luminance error"
    grid = reconstruct.grid
    cell = grid.cell_rect(1)
    third = cell.adjusted(cell.width() - cell.height(), 0, 0, 0)  # original, reconstruction, error: squares
    error = error_image(luminance_of_errors(user, int(grid._value.indices[1])) / 255, theme, ERROR_LIMIT)
    np.testing.assert_array_equal(painted(grid, third, (32, 32)), error)


def the_weights_of_a_first_layer_that_reads_colours(user: Person, size: tuple[int, int]) -> None:
    pages = view_of(user, "features").weights
    snapshot = user.state.snapshot
    assert snapshot is not None
    weights = next(array for name, array in snapshot.weights.items() if name.startswith("encoder."))
    images = weights.reshape(len(weights), 3, *(weights.shape[2:] if weights.ndim == 4 else (32, 32)))
    user.wait(lambda: pages.grid.count > 4)
    height, width = images.shape[2:]
    assert (height, width) == size
    for unit in (0, 3):
        own = images[unit].astype(np.float64)
        expected = np.rint(255 * (0.5 + own / np.abs(own).max() / 2))
        found = painted(pages.grid, pages.grid.cell_rect(unit), (height, width)).astype(int)
        assert np.abs(found - expected).max() <= 1
    text = pages.description.text()
    kind = "filters" if weights.ndim == 4 else "units"
    assert f"{len(weights)} {kind}, {height} × {width} weights in each of 3 channels" in text
    assert "Colours: 0.5 + weight / 2, middle grey is zero" in text


def strokes_are_not_measured_in_colour_images(user: Person) -> None:
    reason = "not for these pictures: strokes are measured in grey pictures, and these are in colour"
    panel = user.window.right.latent
    user.wait(lambda: panel.measured.text() == "No measured factors")
    assert panel.measured.toolTip() == f"MIG of measured factors: {reason}."
    latent = view_of(user, "latent")
    user.wait(lambda: user.state.value("axis names") is not None)
    user.wait_computed()
    column = latent.explorer.sliders.column
    assert any(f"Attributes of strokes: {reason}." in slider._row.help for slider in column.sliders)
