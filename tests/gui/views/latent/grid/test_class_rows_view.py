"""Rows of images for each class: crisp where there is space, every name in full in its tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from aestudio.gui.views.latent.grid.class_rows_view import ClassRowsView
from aestudio.gui.widgets.pixmap import array_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

ROWS, COLUMNS, HEIGHT, WIDTH = 4, 10, 28, 20
NAMES = ("circle", "a very long name of a class of images", "square", "triangle")


@pytest.fixture
def images() -> NDArray[np.uint8]:
    return np.random.default_rng(2).integers(0, 256, (ROWS, COLUMNS, 3, HEIGHT, WIDTH), dtype=np.uint8)


@pytest.fixture
def view(qtbot: QtBot, images: NDArray[np.uint8]) -> ClassRowsView:
    widget = ClassRowsView()
    qtbot.addWidget(widget)
    widget.resize(640, 300)
    widget.set_rows(images, NAMES)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_each_pixel_of_an_image_is_a_square_of_whole_pixels(
    view: ClassRowsView, images: NDArray[np.uint8]
) -> None:
    scale = int(view.cell_rect(0, 0).width()) // WIDTH
    assert scale == 2
    for row, column in ((0, 0), (3, 9), (1, 4)):
        area = view.cell_rect(row, column)
        assert area == area.toRect().toRectF()
        painted = array_of(view.grab(area.toRect()).toImage())
        expected = images[row, column].transpose(1, 2, 0).repeat(scale, 0).repeat(scale, 1)
        np.testing.assert_array_equal(painted[..., :3], expected)


def test_images_that_do_not_fit_are_shrunk_and_all_visible(view: ClassRowsView) -> None:
    view.resize(300, 60)
    assert view.cell_rect(0, 0).height() < HEIGHT
    assert view.rect().toRectF().contains(view.cell_rect(ROWS - 1, COLUMNS - 1))


def test_a_cut_name_is_whole_in_the_tooltip(view: ClassRowsView) -> None:
    for row, name in enumerate(NAMES):
        beside = QPointF(2, view.cell_rect(row, 0).center().y())
        assert view.name_at(beside) == name
    assert view.name_at(view.cell_rect(1, 0).center()) == ""
    assert view.name_at(QPointF(2, view.cell_rect(0, 0).top() - 3)) == ""
    view.set_rows(None, NAMES, "The rows are being decoded ...")
    assert view.name_at(QPointF(2, 20)) == ""
