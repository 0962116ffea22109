"""The large image: size, colours, dragging, caption."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.widgets.image_view import SMALLEST, ImageView
from aestudio.gui.widgets.pixmap import array_of
from tests.gui.widgets.conftest import SHAPES, as_painted, random_images

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot, noise: NDArray[np.uint8]) -> ImageView:
    widget = ImageView()
    qtbot.addWidget(widget)
    widget.resize(400, 430)
    widget.set_image(noise[0])
    return widget


def shown(view: ImageView) -> NDArray[np.uint8]:
    return array_of(view.grab(view.image_rect().toRect()).toImage())


def test_it_is_never_small(view: ImageView) -> None:
    assert view.minimumSizeHint().width() >= SMALLEST == 280


def test_pixels_are_squares_of_whole_pixels(view: ImageView, noise: NDArray[np.uint8]) -> None:
    assert view.image_rect().width() == 28 * 14
    square = np.ones((14, 14), np.uint8)
    assert np.array_equal(shown(view)[..., 0], np.kron(noise[0, 0], square))
    view.set_image(noise[5])
    assert np.array_equal(shown(view)[..., 2], np.kron(noise[5, 0], square))


def test_colour_and_other_sizes(view: ImageView) -> None:
    colour = np.random.default_rng(1).integers(0, 256, (3, 10, 20), dtype=np.uint8)
    view.set_image(colour)
    assert view.image_rect().size().toTuple() == (400, 200)
    assert np.array_equal(shown(view)[::20, ::20], colour.transpose(1, 2, 0))


@pytest.mark.parametrize("shape", SHAPES)
def test_images_of_any_shape_fill_the_view_in_whole_pixels(
    view: ImageView, shape: tuple[int, int, int]
) -> None:
    image = random_images(1, shape)[0]
    view.set_image(image)
    scale = min(400 // shape[2], 430 // shape[1])
    assert view.image_rect().size().toTuple() == (scale * shape[2], scale * shape[1])
    assert np.array_equal(shown(view), as_painted(image).repeat(scale, axis=0).repeat(scale, axis=1))


def test_colour_after_grey_of_the_same_size(view: ImageView, noise: NDArray[np.uint8]) -> None:
    colour = random_images(1, (3, 28, 28))[0]
    view.set_image(colour)
    assert np.array_equal(shown(view)[::14, ::14], as_painted(colour))
    view.set_image(noise[1])
    assert np.array_equal(shown(view)[::14, ::14], as_painted(noise[1]))


def test_the_empty_place_is_that_of_the_last_image(view: ImageView) -> None:
    view.set_image(random_images(1, (1, 28, 20))[0])
    place = view.image_rect()
    view.set_image(None)
    assert view.image_rect() == place


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3), (1, 1, 28, 28)])
def test_an_image_without_its_channels_is_refused(
    view: ImageView, noise: NDArray[np.uint8], shape: tuple[int, ...]
) -> None:
    before = shown(view)
    with pytest.raises(ValueError, match=re.escape(str(shape))):
        view.set_image(np.zeros(shape, np.uint8))
    assert np.array_equal(shown(view), before)


def test_dragging_reports_the_position(qtbot: QtBot, view: ImageView) -> None:
    received: list[tuple[float, float]] = []
    view.dragged.connect(lambda x, y: received.append((x, y)))
    corner = view.image_rect().topLeft().toPoint()
    side = view.image_rect().width()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=corner + QPoint(98, 196))
    qtbot.mouseMove(view, QPoint(-50, 1000))
    with qtbot.waitSignal(view.released):
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert received[0] == pytest.approx((98 / side, 196 / side))
    assert (0.0, 1.0) in received


def test_without_an_image_the_hint_is_shown_and_dragging_has_no_effect(qtbot: QtBot, view: ImageView) -> None:
    view.set_image(None)
    view.set_hint("Pick a digit")
    assert 0 < shown(view).std() < 60
    with qtbot.assertNotEmitted(view.dragged):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))


def test_a_longer_caption_does_not_move_the_image(view: ImageView) -> None:
    view.set_caption("1")
    before = view.image_rect()
    view.set_caption("a much longer caption")
    assert view.image_rect() == before
    assert view.image_rect().bottom() < view.height() - 15


def test_thirty_thousand_images(view: ImageView, noise: NDArray[np.uint8]) -> None:
    view.resize(280, 280)
    small = noise[..., :4, :4]
    for number in range(30_000):
        view.set_image(small[number % 12])
    assert np.array_equal(shown(view)[::70, ::70, 0], small[(30_000 - 1) % 12, 0])
