"""Digits are cut out of pages of every kind as if each had been drawn alone, in the order of reading."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.datasets.pages.page_digits import cut_page, digits_seen
from tests.datasets.pages.page_of_digits import COLUMNS, COUNT, FORMS, SIDE, STEP, expected, page


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shadow", [False, True])
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("angle", [0.0, 1.0])
def test_each_digit_is_the_one_that_was_drawn(form: str, shadow: bool, dark: bool, angle: float) -> None:
    cut = cut_page(page(form, shadow, dark, angle), MNIST.image)
    assert (len(cut.images), cut.inverted, cut.uneven, cut.wide) == (COUNT, dark, shadow, 0)
    assert (cut.lines > 0) == (form != "plain")
    drawn = expected().astype(float)
    apart = np.abs(cut.images[:, None].astype(float) - drawn).mean(axis=(2, 3))
    wrong = np.count_nonzero(apart.argmin(axis=1) != np.arange(COUNT))
    assert wrong <= (form == "ruled")  # a line two pixels thick through the foot of a digit of 29 pixels
    assert apart.diagonal().max() < 30  # of 255; different digits are 40 to 60 apart
    assert apart.diagonal().mean() < 13


def test_boxes_are_where_the_digits_are() -> None:
    boxes = np.array(cut_page(page("boxes"), MNIST.image).boxes)
    number = np.arange(COUNT)
    corners = np.stack([number // COLUMNS * STEP + 36, number % COLUMNS * STEP + 36], axis=1)
    assert (boxes[:, :2] >= corners).all()
    assert (boxes[:, 2:] <= corners + SIDE).all()


def test_a_large_page_is_scaled_and_its_boxes_are_not() -> None:
    small = page()
    large = np.asarray(Image.fromarray(small).resize((small.shape[1] * 8, small.shape[0] * 8)))
    cut = cut_page(large, MNIST.image)
    assert len(cut.images) == COUNT
    boxes = np.array(cut_page(small, MNIST.image).boxes)
    assert np.abs(np.array(cut.boxes) - 8 * boxes).max() <= 24
    assert digits_seen(large) == COUNT


@pytest.mark.parametrize("shape", [(12, 40_000), (40_000, 12), (1, 5000), (2000, 2401)])
def test_pages_of_any_shape_take_little_memory(shape: tuple[int, int]) -> None:
    grey = np.full(shape, 255, np.uint8)
    tracemalloc.start()
    digits_seen(grey)
    cut = cut_page(grey, MNIST.image)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(cut.images) == 0
    assert peak < 60 * grey.size + 2**20


def test_other_sizes_have_the_digits_in_their_middle() -> None:
    cut = cut_page(page(), ImageShape(1, 32, 20))
    assert cut.images.shape == (COUNT, 32, 20)
    assert not cut.images[:, :3].any()
    assert cut.images.reshape(COUNT, -1).max(axis=1).min() > 200


def test_what_was_decided_of_the_page_can_be_decided_otherwise() -> None:
    assert cut_page(page(dark=False), MNIST.image, inverted=False).images.shape[0] == COUNT
    assert cut_page(page(dark=False), MNIST.image, inverted=True).inverted


def test_digits_that_touch_are_counted_and_spots_left_out() -> None:
    grey = page()
    for at in range(54):  # a stroke from the first digit to the second
        grey[70 - at // 3 : 73 - at // 3, 54 + at] = 40
    grey[10:13, 10:13] = 40
    cut = cut_page(grey, MNIST.image)
    assert cut.boxes[0][3] > 36 + STEP
    assert (len(cut.images), cut.wide, cut.spots) == (COUNT - 1, 1, 1)


@pytest.mark.parametrize(
    "grey",
    [
        np.zeros((100, 100), np.uint8),
        np.full((100, 100), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (300, 300)).astype(np.uint8),
        np.add.outer(np.arange(300), np.arange(300)).astype(np.uint8),
        np.kron(np.indices((40, 40)).sum(0) % 2, np.ones((8, 8))).astype(np.uint8) * 255,
        np.full((1, 500), 9, np.uint8),
    ],
    ids=["black", "white", "grain", "bands", "chessboard", "a line"],
)
def test_what_is_no_page_is_not_offered_to_be_cut(grey: np.ndarray) -> None:
    assert digits_seen(grey) == 0
    assert cut_page(grey, MNIST.image).images.shape[1:] == (28, 28)


def test_a_digit_and_a_photograph_are_no_pages() -> None:
    assert digits_seen(np.kron(expected()[0], np.ones((10, 10), np.uint8))) == 0
    generator = np.random.default_rng(1)
    blurred = Image.fromarray(generator.integers(0, 256, (30, 40)).astype(np.uint8)).resize((640, 480))
    assert digits_seen(np.asarray(blurred)) == 0
    assert digits_seen(page("table", shadow=True)) == COUNT
