"""Originals, reconstructions and errors of pictures that are not MNIST's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.inference.requests.reconstructions_request import ReconstructedDrawing
from aestudio.gui.theme.colours import ZERO, diverging_table
from aestudio.gui.theme.style import apply_theme, current_theme
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.views.reconstruct.drawing_corner import DrawingCorner
from aestudio.gui.views.reconstruct.enlarged_triple import EnlargedTriple
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from aestudio.gui.views.reconstruct.triples_grid import TriplesGrid
from tests.gui.views.canned import OTHER_SETS, state_for, triples

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.image_view import ImageView

DATASETS = pytest.mark.parametrize("make", OTHER_SETS.values(), ids=OTHER_SETS)
SHAPES = [
    MNIST.image,
    ImageShape(3, 32, 32),
    ImageShape(1, 28, 20),
    ImageShape(3, 64, 64),
    ImageShape(1, 8, 13),
]


def _colour(widget: QWidget, at: QPointF) -> tuple[int, int, int]:
    colour = widget.grab().toImage().pixelColor(int(at.x()), int(at.y()))
    return colour.red(), colour.green(), colour.blue()


def _in_cell(grid: TriplesGrid, tile: int, shape: ImageShape, y: int, x: int) -> tuple[int, int, int]:
    """The colour that is painted for one pixel of the first cell's original, reconstruction or error."""
    area = grid.cell_rect(0)
    scale = area.height() / shape.height
    left = area.left() + tile * (area.width() - shape.width * scale) / 2
    return _colour(grid, QPointF(left + (x + 0.5) * scale, area.top() + (y + 0.5) * scale))


def _in_view(view: ImageView, shape: ImageShape, y: int, x: int) -> tuple[int, int, int]:
    area = view.image_rect()
    across, down = area.width() * (x + 0.5) / shape.width, area.height() * (y + 0.5) / shape.height
    return _colour(view, area.topLeft() + QPointF(across, down))


def _picture(image: np.ndarray, y: int, x: int) -> tuple[int, int, int]:
    """The colour of a pixel of an image (C, H, W)."""
    red, green, blue = np.broadcast_to(image[:, y, x], (3,)).tolist()
    return red, green, blue


def _error(errors: np.ndarray, y: int, x: int) -> tuple[int, int, int]:
    """The colour of a pixel's signed error (C, H, W), computed from its luminance."""
    level = errors[:, y, x].tolist()
    if len(level) == 3:
        level = [round(0.2126 * level[0] + 0.7152 * level[1] + 0.0722 * level[2])]
    share = max(-1.0, min(1.0, level[0] / 255 / 0.5))
    return tuple(diverging_table(current_theme())[ZERO + round(127 * share)].tolist())


def _shown(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()


@DATASETS
def test_the_grid_paints_original_reconstruction_and_error(qtbot: QtBot, make: Callable[[], Dataset]) -> None:
    images = make().test
    shape = images.image_shape
    grid = TriplesGrid()
    _shown(qtbot, grid, 640, 480)
    grid.set_image_shape(shape)
    value = triples(images, grid.max_triples)
    grid.show_triples(value, images, ink_on_paper=False)
    for y, x in ((5, 7), (20, 12)):
        assert _in_cell(grid, 0, shape, y, x) == _picture(value.originals[0], y, x)
        assert _in_cell(grid, 1, shape, y, x) == _picture(value.reconstructed[0], y, x)
        assert _in_cell(grid, 2, shape, y, x) == _error(value.errors[0], y, x)
    assert ("luminance" in grid.toolTip()) == (not shape.grey)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_as_many_triples_as_fit_are_counted_again_for_another_shape(qtbot: QtBot, shape: ImageShape) -> None:
    grid = TriplesGrid()
    _shown(qtbot, grid, 500, 460)
    digits, counts = grid.max_triples, []
    grid.max_triples_changed.connect(lambda: counts.append(grid.max_triples))
    grid.set_image_shape(shape)
    images = ImageSet(np.zeros((grid.max_triples, *shape.array), np.uint8))
    grid.show_triples(triples(images, grid.max_triples), images, ink_on_paper=False)
    assert grid._layout.count == grid.count == grid.max_triples, "no triple is cut off"
    assert grid.cell_rect(grid.count - 1).bottom() <= grid.height()
    assert bool(counts) == (grid.max_triples != digits)
    grid.set_image_shape(MNIST.image)
    assert grid.max_triples == digits
    assert grid.count == (grid.max_triples if shape == MNIST.image else 0)


@DATASETS
def test_the_enlarged_triple_is_painted_and_captioned(qtbot: QtBot, make: Callable[[], Dataset]) -> None:
    images = make().test
    shape = images.image_shape
    enlarged = EnlargedTriple()
    _shown(qtbot, enlarged, 300, 340)
    value = triples(images, 1)
    enlarged.show_triple(value, images, ink_on_paper=False)
    assert _in_view(enlarged.original, shape, 9, 4) == _picture(value.originals[0], 9, 4)
    assert _in_view(enlarged.reconstruction, shape, 9, 4) == _picture(value.reconstructed[0], 9, 4)
    assert _in_view(enlarged.error, shape, 9, 4) == _error(value.errors[0], 9, 4)
    assert enlarged.error.accessibleName() == ("Error" if shape.grey else "Luminance error")
    assert f"{shape.size:,}" in enlarged._squared.toolTip()
    enlarged.show_original(3, images, ink_on_paper=False)
    assert _in_view(enlarged.original, shape, 9, 4) == _picture(images.images[3], 9, 4)


def test_the_caption_of_the_error_follows_the_pictures(qtbot: QtBot) -> None:
    enlarged = EnlargedTriple()
    _shown(qtbot, enlarged, 300, 340)
    for make, name in zip(OTHER_SETS.values(), ("Luminance error", "Error"), strict=True):
        images = make().test
        enlarged.show_triple(triples(images, 1), images, ink_on_paper=False)
        assert enlarged.error._caption == enlarged.error.accessibleName() == name


@DATASETS
def test_ink_on_paper_inverts_grey_pictures_only(qtbot: QtBot, make: Callable[[], Dataset]) -> None:
    images = make().test
    enlarged = EnlargedTriple()
    _shown(qtbot, enlarged, 300, 340)
    enlarged.show_triple(triples(images, 1), images, ink_on_paper=True)
    shape = images.image_shape
    expected = 255 - images.images[0] if shape.grey else images.images[0]
    assert _in_view(enlarged.original, shape, 9, 4) == _picture(expected, 9, 4)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_pad_and_pictures_of_a_drawing_have_the_shape_of_the_images(qtbot: QtBot, shape: ImageShape) -> None:
    corner = DrawingCorner()
    _shown(qtbot, corner, 300, 290)
    corner.set_image_shape(shape)
    sheet = corner.pad.pad_rect()
    assert sheet.width() / sheet.height() == pytest.approx(shape.width / shape.height, rel=0.02)
    assert sheet.width() >= 2 * shape.width
    views = (corner.normalised, corner.reconstruction, corner.error)
    for view in views:
        assert view.width() >= shape.width, "no picture is cut off"
        assert view.height() >= shape.height
        assert view.geometry().right() <= corner._images.width()
    assert views[-1].geometry().bottom() <= corner._images.height()
    images = ImageSet(np.random.default_rng(0).integers(0, 256, (1, *shape.array), np.uint8))
    triple = triples(images, 1)
    corner.show_drawn(ReconstructedDrawing(images.images[0], triple, None), ink_on_paper=False)
    y, x = shape.height // 2, shape.width // 3
    assert _in_view(corner.normalised, shape, y, x) == _picture(images.images[0], y, x)
    assert _in_view(corner.reconstruction, shape, y, x) == _picture(triple.reconstructed[0], y, x)
    assert _in_view(corner.error, shape, y, x) == _error(triple.errors[0], y, x)
    assert str(shape) in corner.normalised.toolTip()
    assert ("MNIST" in corner.normalised.toolTip()) == (shape == MNIST.image)


def test_a_drawing_of_another_shape_is_neither_asked_for_nor_shown(
    qtbot: QtBot, studio_session: Session
) -> None:
    view = ReconstructView(studio_session)
    _shown(qtbot, view, 760, 690)
    dataset = OTHER_SETS["colour 32x32"]()
    triple = triples(dataset.test, 1)
    drawn = ReconstructedDrawing(triple.originals[0], triple, None)
    state = state_for(studio_session.state, dataset, drawn=drawn)
    fitting = replace(state, drawing=triple.originals[0])
    view.show_state(fitting)
    assert view.corner._value is drawn
    assert "drawn" in [request.channel for request in view.requests(fitting)]
    other = replace(state, drawing=np.zeros(MNIST.image.array, np.uint8))
    view.show_state(other)
    assert view.corner._value is None
    assert "drawn" not in [request.channel for request in view.requests(other)]


@DATASETS
def test_the_view_asks_for_the_pictures_and_says_what_the_error_is(
    qtbot: QtBot, studio_session: Session, make: Callable[[], Dataset]
) -> None:
    view = ReconstructView(studio_session)
    _shown(qtbot, view, 760, 690)
    dataset = make()
    state = state_for(
        studio_session.state, dataset, triples=triples(dataset.test, 6), enlarged=triples(dataset.test, 1)
    )
    view.show_state(state)
    assert view.empty_reason.reason is None
    assert view.grid.count == 6
    channels = [request.channel for request in view.requests(state)]
    assert channels == ["enlarged", "triples"]
    grey = dataset.shape.image.grey
    assert ("luminance" in view._scale.accessibleName()) == (not grey)
    assert ("ink" in view._scale.accessibleName()) == grey


def test_images_that_the_model_does_not_take_are_not_shown(qtbot: QtBot, studio_session: Session) -> None:
    view = ReconstructView(studio_session)
    _shown(qtbot, view, 760, 690)
    dataset = OTHER_SETS["colour 32x32"]()
    state = state_for(studio_session.state, dataset)
    view.show_state(replace(state, model=studio_session.state.model))
    assert view.empty_reason.reason is not None
    assert "takes images of 28 × 28" in view.empty_reason.reason.sentence
    assert "are 32 × 32 in colour" in view.empty_reason.reason.sentence
    assert view.requests(replace(state, model=studio_session.state.model)) == ()


@pytest.mark.parametrize("width", [258, 420])
def test_the_loss_of_a_drawing_is_never_cut(qtbot: QtBot, qapp: QApplication, width: int) -> None:
    """Beside a heading that leaves too little room, "989.0 nats" was a 9."""
    apply_theme(qapp, DARK)  # with its style, buttons are wider
    dataset = OTHER_SETS["colour 32x32"]()
    corner = DrawingCorner()
    qtbot.addWidget(corner)
    corner.set_image_shape(dataset.shape.image)
    corner.resize(width, 280)
    corner.show()
    assert corner.heading.isVisible()
    image = dataset.test.images[0]
    corner.show_drawn(ReconstructedDrawing(image, triples(dataset.test, 1), None), False)
    text = corner.loss.text()
    assert ("squared error" in text) is (width > 300), "a number without words where there is no room"
    assert "squared error" in corner.loss.toolTip()
    qtbot.waitUntil(lambda: corner.loss.width() >= corner.loss.fontMetrics().horizontalAdvance(text))
    assert corner.heading.isVisible() is (width > 300)
    corner.show_drawn(None, False)
    assert corner.heading.isVisible()
