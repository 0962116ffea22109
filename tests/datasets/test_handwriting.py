from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from aestudio.datasets.handwriting import drawing_as_image, normalise_drawing
from aestudio.datasets.image_shape import MNIST, ImageShape

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def seven(width: int = 280, height: int = 280, offset: tuple[int, int] = (0, 0), scale: float = 1) -> Any:
    image = Image.new("L", (width, height))
    points = [(60, 60), (180, 60), (110, 220)]
    moved = [(x * scale + offset[0], y * scale + offset[1]) for x, y in points]
    ImageDraw.Draw(image).line(moved, fill=255, width=round(20 * scale), joint="curve")
    return np.asarray(image)


def centre(image: Any) -> np.ndarray[Any, Any]:
    weights = image.astype(float) / image.sum()
    grid = np.arange(28)
    return np.array([weights.sum(axis=1) @ grid, weights.sum(axis=0) @ grid])


def extent(image: Any) -> int:
    return max(np.ptp(np.flatnonzero((image > 0).any(axis=axis))) + 1 for axis in (0, 1))


def test_an_empty_canvas_gives_zeros() -> None:
    for canvas in (np.zeros((280, 280), np.uint8), np.zeros((5, 9)), np.zeros((0, 0), np.uint8)):
        out = normalise_drawing(canvas)
        assert out.shape == (28, 28)
        assert out.dtype == np.uint8
        assert not out.any()


@given(x=st.integers(-40, 80), y=st.integers(-40, 40))
def test_the_place_does_not_matter(x: int, y: int) -> None:
    np.testing.assert_array_equal(normalise_drawing(seven(offset=(x, y))), normalise_drawing(seven()))


@pytest.mark.parametrize("scale", [0.5, 2, 3])
def test_the_size_hardly_matters(scale: float) -> None:
    other = normalise_drawing(seven(840, 840, scale=scale)).astype(float)
    difference = other - normalise_drawing(seven())
    assert np.sqrt((difference**2).mean()) < 20


@given(
    points=st.lists(st.tuples(st.integers(0, 279), st.integers(0, 279)), min_size=2, max_size=6, unique=True),
    pen=st.integers(3, 30),
)
def test_twenty_pixels_about_the_centre(points: list[tuple[int, int]], pen: int) -> None:
    image = Image.new("L", (280, 280))
    ImageDraw.Draw(image).line(points, fill=255, width=pen)
    out = normalise_drawing(np.asarray(image))
    assert 18 <= extent(out) <= 20
    rows, columns = (np.flatnonzero((out > 0).any(axis=axis)) for axis in (1, 0))
    for middle, ink in zip(centre(out), (rows, columns), strict=True):
        at_the_edge = ink[0] <= 1 or ink[-1] >= 26  # the ink goes before the centring
        assert abs(middle - 14) <= 0.5 + 1e-9 or at_the_edge


def test_the_proportions_are_kept() -> None:
    canvas = np.zeros((280, 280), np.uint8)
    canvas[40:240, 100:150] = 255  # four times as high as wide
    out = normalise_drawing(canvas)
    assert out.sum() == 255 * 20 * 5


def test_floats_and_bytes_agree() -> None:
    canvas = seven()
    np.testing.assert_array_equal(normalise_drawing(canvas / 255), normalise_drawing(canvas))
    with pytest.raises(ValueError, match="drawing"):
        normalise_drawing(np.zeros((28, 28), np.int64))


def test_is_fast_enough_to_follow_the_pen() -> None:
    canvas = np.zeros((280, 280), np.uint8)
    canvas[5:275, 5:275] = 255  # the largest box
    normalise_drawing(canvas)
    times = []
    for _ in range(20):
        started = time.thread_time()
        normalise_drawing(canvas)
        times.append(time.thread_time() - started)
    # 1 ms on an idle machine; a pen moves every 16 ms, and the quickest of twenty says it on a busy one.
    assert min(times) < 0.016


@pytest.mark.mnist
@pytest.mark.parametrize(
    ("smoothing", "share"), [(Image.Resampling.NEAREST, 0.01), (Image.Resampling.BICUBIC, 0.05)]
)
def test_a_real_digit_drawn_large_anywhere_comes_back(mnist: Dataset, smoothing: Any, share: float) -> None:
    errors = []
    for index in range(100):
        real = mnist.test.images[index, 0]
        large = np.asarray(Image.fromarray(real).resize((280, 280), smoothing))
        canvas = np.zeros((400, 400), np.uint8)
        top, left = (index * 7) % 120, (index * 13) % 120
        canvas[top : top + 280, left : left + 280] = large
        difference = normalise_drawing(canvas).astype(float) - real
        errors.append((difference**2).sum() / (real.astype(float) ** 2).sum())
    assert np.median(errors) < share  # of the ink's energy; a shift by one pixel costs 0.5


@pytest.mark.mnist
def test_real_digits_are_centred_as_ours(mnist: Dataset) -> None:
    centres = np.array([centre(image[0]) for image in mnist.test.images[:1000]])
    assert np.abs(centres - 14).max() <= 0.55


# ---- other shapes -----------------------------------------------------------------------------------


def test_as_an_image_of_mnist_s_shape_it_is_the_same() -> None:
    np.testing.assert_array_equal(drawing_as_image(seven(), MNIST.image)[0], normalise_drawing(seven()))


@given(high=st.integers(8, 64), wide=st.integers(8, 64), x=st.integers(-40, 80), y=st.integers(-40, 40))
def test_the_box_takes_the_same_share_of_any_grey_shape(high: int, wide: int, x: int, y: int) -> None:
    out = drawing_as_image(seven(offset=(x, y)), ImageShape(1, high, wide))
    assert out.shape == (1, high, wide)
    box = round(min(high, wide) * 20 / 28)
    assert box - 2 <= extent(out[0]) <= box
    weights = out[0] / out.sum()
    middle = np.array([weights.sum(axis=1) @ np.arange(high), weights.sum(axis=0) @ np.arange(wide)])
    assert np.abs(middle - (high / 2, wide / 2)).max() <= 1.5  # the ink of a small image may touch its edge


def test_in_colour_a_drawing_stays_as_it_is() -> None:
    canvas = np.random.default_rng(0).integers(0, 256, (3, 20, 30), np.uint8)
    np.testing.assert_array_equal(drawing_as_image(canvas, ImageShape(3, 20, 30)), canvas)
    large = canvas.repeat(7, axis=1).repeat(7, axis=2)
    np.testing.assert_array_equal(drawing_as_image(large, ImageShape(3, 20, 30)), canvas)
    np.testing.assert_array_equal(drawing_as_image(large / 255, ImageShape(3, 20, 30)), canvas)


def test_a_grey_drawing_among_pictures_in_colour_has_equal_channels() -> None:
    out = drawing_as_image(seven(), ImageShape(3, 32, 32))
    assert out.shape == (3, 32, 32)
    assert out[0].any()
    np.testing.assert_array_equal(out, np.stack([out[0]] * 3))


@pytest.mark.parametrize("canvas", [np.zeros((3, 9, 9), np.uint8), np.zeros((9, 9), np.int64), np.zeros(9)])
def test_what_is_no_grey_drawing(canvas: Any) -> None:
    with pytest.raises(ValueError, match="drawing"):
        drawing_as_image(canvas, ImageShape(1, 28, 20))


@pytest.mark.parametrize("canvas", [np.zeros((2, 9, 9), np.uint8), np.zeros((3, 9, 9), int), np.zeros(9)])
def test_what_is_no_drawing_in_colour(canvas: Any) -> None:
    with pytest.raises(ValueError, match="drawing"):
        drawing_as_image(canvas, ImageShape(3, 32, 32))
