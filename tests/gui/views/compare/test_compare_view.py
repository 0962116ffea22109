"""The Compare view through a real session and real trainings of a few small steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox

from aestudio.gui.inference.requests.comparison_request import ComparedAtCode, ComparedMaps
from aestudio.gui.views.compare.compare_view import CompareView
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.compare.column import ComparisonColumn

WAIT = 60_000


class Comparison:
    """The view, and what a user does with it."""

    def __init__(self, qtbot: QtBot, session: Session, view: CompareView) -> None:
        self.qtbot, self.session, self.view = qtbot, session, view

    @property
    def columns(self) -> list[ComparisonColumn]:
        return self.view.board.columns

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def train(self, difference: str, *values: Any) -> None:
        """Train each run for one epoch; returns when the maps of the trained runs are shown."""
        comparison = self.session.comparison
        comparison.choose_difference(difference)
        for number, value in enumerate(values):
            comparison.set_value(number, value)
        self.view.set_up.start.click()
        self.wait(lambda: self.session.state.comparison.phase == "ended")
        self.wait(lambda: not self.session.state.pending and self.columns[0].map.shown is not None)


@pytest.fixture
def comparison(qtbot: QtBot, studio_session: Session, show_view: Callable[..., CompareView]) -> Comparison:
    values = {"latent_size": 2, "hidden": (16,), "epochs": 1, "batch_size": 60, "validation_images": 30}
    studio_session.update(recipe=find_recipe("vae").with_settings(values))
    return Comparison(qtbot, studio_session, show_view(CompareView))


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    """What is painted of a widget, grey levels uint8 (H, W)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_hovering_marks_the_same_image_in_all_maps(comparison: Comparison) -> None:
    comparison.train("beta")
    assert [column.title._text for column in comparison.columns] == ["β 0.5", "β 1", "β 4"]
    frames = [column.map.plot.map_box.viewRect() for column in comparison.columns]
    assert frames[0] == frames[1] == frames[2]  # the same axes
    before = [pixels(column.map) for column in comparison.columns]
    comparison.columns[2].map.point_hovered.emit(30)
    assert comparison.session.state.hovered == 30
    for column, old in zip(comparison.columns, before, strict=True):
        assert not np.array_equal(pixels(column.map), old)
    comparison.columns[2].map.point_hovered.emit(-1)
    for column, old in zip(comparison.columns, before, strict=True):
        assert np.array_equal(pixels(column.map), old)


def test_moving_one_map_moves_all_that_share_its_plane(comparison: Comparison) -> None:
    comparison.train("beta")
    first, *others = [column.map.plot for column in comparison.columns]
    first.map_box.scaleBy((0.5, 0.5))
    first.view_moved_by_user.emit()
    for other in others:
        assert other.map_box.viewRect().width() == pytest.approx(first.map_box.viewRect().width(), rel=0.01)
    first.fit()
    for other in others:
        assert other.map_box.viewRect() == first.map_box.viewRect()
    comparison.view.board.same_axes.click()
    comparison.wait(lambda: not comparison.session.state.pending)
    planes = [column.map.shown.plane for column in comparison.columns if column.map.shown is not None]
    assert len(set(map(id, planes))) == 3


def test_codes_of_different_length_are_linked_by_the_image(comparison: Comparison) -> None:
    comparison.train("latent_size")
    assert "only the same image links them" in comparison.view.board.note._text
    sizes = [c.map.shown.plane.size for c in comparison.columns if c.map.shown and c.map.shown.plane]
    assert sizes == [2, 8, 32]
    comparison.session.comparison.move_to(np.zeros(8, np.float32))
    comparison.wait(lambda: ComparedAtCode.channel not in comparison.session.state.pending)
    assert [column.captions[2]._text for column in comparison.columns] == [
        "From its code",
        "From same code",
        "From its code",
    ]
    assert comparison.columns[1].at_cursor._image is not None


def test_a_classifier_shows_why_it_has_no_image(comparison: Comparison) -> None:
    comparison.train("objective", "classification")
    classifier, variational = comparison.columns
    assert "decodes nothing" in classifier.no_image.text()
    assert classifier.images.currentWidget() is classifier.no_image
    assert classifier.map.shown is not None
    assert classifier.map.shown.plane is None
    assert variational.images.currentWidget() is not variational.no_image
    terms = comparison.view.board.curves.term
    # A classifier and an autoencoder share no term: only the measured error can be chosen.
    assert [terms.itemData(row) for row in range(terms.count())] == ["measured"]


def test_a_code_of_one_dimension_has_no_map(comparison: Comparison) -> None:
    comparison.train("latent_size", 1, 2, 3)
    assert "this code has one" in comparison.columns[0].map.plot._empty.text()
    assert comparison.columns[0].metrics[1]._text.startswith("Squared error")


def test_the_measured_error_is_that_of_the_reconstructions(comparison: Comparison) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    comparison.train("beta")
    result = comparison.session.state.results[ComparedMaps.channel]
    digits = comparison.session.state.image_set
    assert digits is not None
    for snapshot, compared_map in zip(result.request.snapshots, result.value, strict=True):
        decoded = FrozenModel(snapshot).reconstruct_exactly(digits.images).astype(np.float64)
        expected = np.square(decoded - digits.images / 255).sum(axis=(1, 2, 3)).mean()
        assert compared_map.squared_error == pytest.approx(expected, rel=1e-4)
    curves = comparison.view.board.curves
    curves.term.setCurrentIndex(curves.term.findData("measured"))
    curves.term.activated.emit(curves.term.currentIndex())
    last = [float(line.curve.y[-1]) for line in curves.plot._lines if line.curve is not None]
    assert last == [pytest.approx(compared_map.squared_error) for compared_map in result.value]


def test_the_loss_of_different_objectives_is_not_compared(comparison: Comparison) -> None:
    comparison.train("beta")
    terms = comparison.view.board.curves.term
    names = [terms.itemData(row) for row in range(terms.count())]
    assert names[0] == "reconstruction"
    assert "loss" not in names


def test_a_training_blocks_a_comparison(comparison: Comparison) -> None:
    comparison.session.recipe.set_value("epochs", 10_000)
    comparison.session.training.start()
    comparison.wait(lambda: comparison.session.state.training.phase == "running")
    assert not comparison.view.set_up.start.isEnabled()
    assert "stop it first" in comparison.view.set_up.start.toolTip()


def test_values_are_edited_and_errors_are_shown(comparison: Comparison) -> None:
    set_up = comparison.view.set_up
    set_up.difference.setCurrentIndex(set_up.difference.findData("beta"))
    set_up.difference.activated.emit(set_up.difference.currentIndex())
    assert [editor.value for editor in set_up.values.editors if not isinstance(editor, QComboBox)] == [
        0.5,
        1.0,
        4.0,
    ]
    set_up.more.click()
    assert len(set_up.values.editors) == 4
    assert not set_up.more.isEnabled()
    last = set_up.values.editors[-1]
    assert not isinstance(last, QComboBox)
    last.edited.emit(0.5)
    assert "same" in set_up.sentence.text()
    assert not set_up.start.isEnabled()
    for _ in range(2):
        set_up.fewer.click()
    assert len(set_up.values.editors) == 2
    assert not set_up.fewer.isEnabled()
    assert set_up.sentence.text().startswith("Same data, seed and batches; only β differs: 0.5, 1;")


def test_a_preset_that_does_not_suit_the_recipe_is_off_and_shows_why(comparison: Comparison) -> None:
    assert not comparison.view.set_up.presets["noise"].isEnabled()
    assert "denoising" in comparison.view.set_up.presets["noise"].toolTip()
    comparison.session.recipe.choose_recipe(find_recipe("denoising-conv-ae"))
    assert comparison.view.set_up.presets["noise"].isEnabled()
    assert not comparison.view.set_up.presets["beta"].isEnabled()
    comparison.view.set_up.presets["noise"].click()
    assert comparison.session.comparison.plan.values == (0.0, 0.5)


def test_the_preset_that_is_chosen_is_marked(comparison: Comparison) -> None:
    presets = comparison.view.set_up.presets

    def marked() -> list[str]:
        return [key for key, button in presets.items() if button.isChecked()]

    presets["beta"].click()
    assert marked() == ["beta"]
    presets["beta"].click()
    assert marked() == ["beta"], "a second click does not unmark it"
    comparison.session.comparison.set_value(0, 0.25)
    assert marked() == []
    presets["ae against vae"].click()
    assert marked() == ["ae against vae"]


def test_each_caption_stands_below_its_image(comparison: Comparison) -> None:
    comparison.view.resize(1144, 660)
    comparison.train("objective", "reconstruction", "variational")
    for column in comparison.columns:
        views = (column.original, column.reconstruction, column.at_cursor)
        for view, caption in zip(views, column.captions, strict=True):
            assert caption.mapTo(column, caption.rect().center()).x() == pytest.approx(
                view.mapTo(column, view.rect().center()).x(), abs=2
            )
