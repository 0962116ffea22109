"""Conversions between arrays and Qt images keep every pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.widgets.pixmap import Canvas, array_of, enlarged, packed, pixmap_of, whole_scale

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize("shape", [(5, 7), (28, 28), (3, 4, 3)])
def test_every_pixel_is_converted(qapp: QApplication, shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    shown = array_of(pixmap_of(image).toImage())
    assert np.array_equal(shown, image if len(shape) == 3 else np.stack([image] * 3, axis=-1))


@pytest.mark.parametrize(
    "view", [lambda a: a[::-1], lambda a: a[:, ::-1], lambda a: a.T, lambda a: a[::2, 1:6:2]]
)
def test_strides_do_not_matter(qapp: QApplication, view: object) -> None:
    assert callable(view)
    image = view(np.arange(81, dtype=np.uint8).reshape(9, 9))
    assert np.array_equal(array_of(pixmap_of(image).toImage())[..., 0], image)


def test_enlarging_repeats_pixels_without_smoothing(qapp: QApplication) -> None:
    image = np.array([[0, 255], [100, 30]], np.uint8)
    pixmap = pixmap_of(image, scale=3, ratio=1.5)
    assert pixmap.deviceIndependentSize().toTuple() == (4.0, 4.0)
    assert np.array_equal(array_of(pixmap.toImage())[..., 1], np.kron(image, np.ones((3, 3), np.uint8)))


def test_only_uint8_is_accepted() -> None:
    with pytest.raises(ValueError, match="float64"):
        packed(np.zeros((2, 2)))


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
