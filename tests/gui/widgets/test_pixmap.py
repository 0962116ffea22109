"""Conversions between arrays and Qt images keep every pixel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.widgets.pixmap import Canvas, array_of, enlarged, packed, pixmap_of, whole_scale

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize("shape", [(1, 8, 9), (1, 28, 28), (1, 28, 20), (3, 32, 32), (3, 8, 64)])
def test_every_pixel_is_converted(qapp: QApplication, shape: tuple[int, int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    shown = array_of(pixmap_of(image).toImage())
    expected = image if shape[0] == 3 else image.repeat(3, axis=0)
    assert np.array_equal(shown, expected.transpose(1, 2, 0))


@pytest.mark.parametrize(
    "view", [lambda a: a[:, ::-1], lambda a: a[..., ::-1], lambda a: a.mT, lambda a: a[:, ::2, 1:6:2]]
)
def test_strides_do_not_matter(qapp: QApplication, view: Callable[[np.ndarray], np.ndarray]) -> None:
    for channels in (1, 3):
        image = view(np.arange(channels * 81, dtype=np.uint8).reshape(channels, 9, 9))
        assert np.array_equal(array_of(pixmap_of(image).toImage())[..., 0], image[0])
        assert np.array_equal(array_of(pixmap_of(image).toImage())[..., 2], image[-1])


def test_enlarging_repeats_pixels_without_smoothing(qapp: QApplication) -> None:
    image = np.array([[[0, 255], [100, 30]]], np.uint8)
    pixmap = pixmap_of(image, scale=3, ratio=1.5)
    assert pixmap.deviceIndependentSize().toTuple() == (4.0, 4.0)
    assert np.array_equal(array_of(pixmap.toImage())[..., 1], np.kron(image[0], np.ones((3, 3), np.uint8)))


def test_only_uint8_is_accepted() -> None:
    with pytest.raises(ValueError, match="float64"):
        packed(np.zeros((1, 2, 2)))


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3), (2, 28, 28), (4, 28, 28)])
def test_an_array_without_an_axis_of_channels_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(str(shape))):
        packed(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match=re.escape(str(shape))):
        pixmap_of(np.zeros(shape, np.uint8))


def test_several_images_make_no_pixmap() -> None:
    assert packed(np.zeros((5, 3, 8, 9), np.uint8)).shape == (5, 8, 9)
    with pytest.raises(ValueError, match=re.escape("(5, 3, 8, 9)")):
        pixmap_of(np.zeros((5, 3, 8, 9), np.uint8))


@given(st.floats(1, 3000), st.floats(1, 3000), st.integers(1, 100), st.integers(1, 100), st.floats(1, 3))
def test_the_scale_is_the_largest_that_fits(w: float, h: float, sw: int, sh: int, ratio: float) -> None:
    scale = whole_scale((w, h), (sw, sh), ratio)
    fits = sw * scale <= w * ratio and sh * scale <= h * ratio
    assert scale == 1 or fits
    assert sw * (scale + 1) > w * ratio or sh * (scale + 1) > h * ratio


def test_a_canvas_shows_pixels_that_are_written_later(qapp: QApplication) -> None:
    canvas = Canvas(6, 4)
    assert canvas.image.pixelColor(2, 2).alpha() == 0
    canvas.pixels[2, 2] = 0xFF102030
    assert canvas.image.pixelColor(2, 2).name() == "#102030"


def test_enlarged_keeps_leading_axes() -> None:
    assert enlarged(np.zeros((5, 2, 3, 4), np.uint32), 2).shape == (5, 2, 6, 8)
