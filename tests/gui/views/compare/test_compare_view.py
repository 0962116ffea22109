"""The Twins view through a real session and real trainings of a few small steps."""

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


class Twins:
    """The view, and what is done with it."""

    def __init__(self, qtbot: QtBot, session: Session, view: CompareView) -> None:
        self.qtbot, self.session, self.view = qtbot, session, view

    @property
    def columns(self) -> list[ComparisonColumn]:
        return self.view.board.columns

    def wait(self, so: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(so()), timeout=WAIT)

    def train(self, difference: str, *values: Any) -> None:
        """One epoch of each; returns when the maps of the trained ones are there."""
        twins = self.session.twins
        twins.choose_difference(difference)
        for number, value in enumerate(values):
            twins.set_value(number, value)
        self.view.set_up.start.click()
        self.wait(lambda: self.session.state.twins.phase == "ended")
        self.wait(lambda: not self.session.state.asked and self.columns[0].map.found is not None)


@pytest.fixture
def twins(qtbot: QtBot, studio_session: Session, show_view: Callable[..., CompareView]) -> Twins:
    values = {"latent_size": 2, "hidden": (16,), "epochs": 1, "batch_size": 60, "validation_images": 30}
    studio_session.update(recipe=find_recipe("vae").with_settings(values))
    return Twins(qtbot, studio_session, show_view(CompareView))


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def test_hovering_marks_the_same_digit_in_all_maps(twins: Twins) -> None:
    twins.train("beta")
    assert [column.title._text for column in twins.columns] == ["β 0.5", "β 1", "β 4"]
    frames = [column.map.plot.map_box.viewRect() for column in twins.columns]
    assert frames[0] == frames[1] == frames[2]  # the same axes
    before = [pixels(column.map) for column in twins.columns]
    twins.columns[2].map.point_hovered.emit(30)
    assert twins.session.state.hovered == 30
    for column, old in zip(twins.columns, before, strict=True):
        assert not np.array_equal(pixels(column.map), old)
    twins.columns[2].map.point_hovered.emit(-1)
    for column, old in zip(twins.columns, before, strict=True):
        assert np.array_equal(pixels(column.map), old)


def test_moving_one_map_moves_all_that_share_its_plane(twins: Twins) -> None:
    twins.train("beta")
    first, *others = [column.map.plot for column in twins.columns]
    first.map_box.scaleBy((0.5, 0.5))
    first.view_moved_by_user.emit()
    for other in others:
        assert other.map_box.viewRect().width() == pytest.approx(first.map_box.viewRect().width(), rel=0.01)
    first.fit()
    for other in others:
        assert other.map_box.viewRect() == first.map_box.viewRect()
    twins.view.board.same_axes.click()
    twins.wait(lambda: not twins.session.state.asked)
    planes = [column.map.found.plane for column in twins.columns if column.map.found is not None]
    assert len(set(map(id, planes))) == 3


def test_codes_of_different_length_are_linked_by_the_digit(twins: Twins) -> None:
    twins.train("latent_size")
    assert "the same digit links them" in twins.view.board.note._text
    sizes = [c.map.found.plane.size for c in twins.columns if c.map.found and c.map.found.plane]
    assert sizes == [2, 8, 32]
    twins.session.twins.move_to(np.zeros(8, np.float32))
    twins.wait(lambda: ComparedAtCode.channel not in twins.session.state.asked)
    assert [column.names[2]._text for column in twins.columns] == ["Its code", "Same code", "Its code"]
    assert twins.columns[1].pointed._picture is not None


def test_a_classifier_says_why_it_shows_no_picture(twins: Twins) -> None:
    twins.train("objective", "classification")
    classifier, variational = twins.columns
    assert "decodes nothing" in classifier.without.text()
    assert classifier.pictures.currentWidget() is classifier.without
    assert classifier.map.found is not None
    assert classifier.map.found.plane is None
    assert variational.pictures.currentWidget() is not variational.without
    terms = twins.view.board.curves.term
    # Nothing but the measured error is a quantity that all that decode have.
    assert [terms.itemData(row) for row in range(terms.count())] == ["measured"]


def test_a_code_of_one_number_has_no_map(twins: Twins) -> None:
    twins.train("latent_size", 1, 2, 3)
    assert "single one" in twins.columns[0].map.plot._empty.text()
    assert twins.columns[0].figures[1]._text.startswith("Squared error")


def test_the_measured_error_is_that_of_the_reconstructions(twins: Twins) -> None:
    from aestudio.inference.frozen_model import FrozenModel

    twins.train("beta")
    answer = twins.session.state.answers[ComparedMaps.channel]
    digits = twins.session.state.digits
    assert digits is not None
    for snapshot, found in zip(answer.question.snapshots, answer.value, strict=True):
        back = FrozenModel(snapshot).reconstruct_exactly(digits.images).astype(np.float64)
        expected = np.square(back - digits.images[:, 0] / 255).sum(axis=(1, 2)).mean()
        assert found.squared_error == pytest.approx(expected, rel=1e-4)
    curves = twins.view.board.curves
    curves.term.setCurrentIndex(curves.term.findData("measured"))
    curves.term.activated.emit(curves.term.currentIndex())
    last = [float(line.curve.y[-1]) for line in curves.plot._lines if line.curve is not None]
    assert last == [pytest.approx(found.squared_error) for found in answer.value]


def test_the_loss_of_different_objectives_is_not_compared(twins: Twins) -> None:
    twins.train("beta")
    terms = twins.view.board.curves.term
    names = [terms.itemData(row) for row in range(terms.count())]
    assert names[0] == "reconstruction"
    assert "loss" not in names


def test_a_training_keeps_twins_from_starting(twins: Twins) -> None:
    twins.session.training.set_value("epochs", 10_000)
    twins.session.training.start()
    twins.wait(lambda: twins.session.state.training.phase == "running")
    assert not twins.view.set_up.start.isEnabled()
    assert "stop it first" in twins.view.set_up.start.toolTip()


def test_values_are_edited_and_what_is_wrong_is_said(twins: Twins) -> None:
    set_up = twins.view.set_up
    set_up.difference.setCurrentIndex(set_up.difference.findData("beta"))
    set_up.difference.activated.emit(set_up.difference.currentIndex())
    assert [editor.value for editor in set_up.editors if not isinstance(editor, QComboBox)] == [0.5, 1.0, 4.0]
    set_up.more.click()
    assert len(set_up.editors) == 4
    assert not set_up.more.isEnabled()
    last = set_up.editors[-1]
    assert not isinstance(last, QComboBox)
    last.edited.emit(0.5)
    assert "same" in set_up.sentence.text()
    assert not set_up.start.isEnabled()
    for _ in range(2):
        set_up.fewer.click()
    assert len(set_up.editors) == 2
    assert not set_up.fewer.isEnabled()
    assert set_up.sentence.text().startswith("Same data, seed, batches and settings; only β differs: 0.5, 1.")


def test_a_comparison_that_the_recipe_has_not_is_off_and_says_why(twins: Twins) -> None:
    assert not twins.view.set_up.presets["noise"].isEnabled()
    assert "denoising" in twins.view.set_up.presets["noise"].toolTip()
    twins.session.training.choose_recipe(find_recipe("denoising-conv-ae"))
    assert twins.view.set_up.presets["noise"].isEnabled()
    assert not twins.view.set_up.presets["beta"].isEnabled()
    twins.view.set_up.presets["noise"].click()
    assert twins.session.twins.plan.values == (0.0, 0.5)
