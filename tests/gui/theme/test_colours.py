"""Colours of errors and images."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.gui.theme.colours import ZERO, as_shown, diverging_table, error_image
from aestudio.gui.theme.tokens import DARK, LIGHT, Theme, channels

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


@THEMES
def test_an_error_of_zero_has_the_colour_of_the_panel(theme: Theme) -> None:
    table = diverging_table(theme)
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    assert tuple(table[ZERO]) == channels(theme.panel)
    assert tuple(table[255]) == channels(theme.error_above)
    assert tuple(table[1]) == channels(theme.error_below)


@THEMES
def test_larger_errors_are_farther_from_the_panel(theme: Theme) -> None:
    distance = np.abs(diverging_table(theme).astype(int) - diverging_table(theme)[ZERO]).sum(axis=1)
    assert (np.diff(distance[ZERO:]) >= 0).all()
    assert (np.diff(distance[1 : ZERO + 1]) <= 0).all()


def test_an_error_is_coloured_by_sign_and_size() -> None:
    errors = np.array([[0.0, 0.25], [-0.25, -3.0]])
    image = error_image(errors, DARK, limit=0.25)
    assert image.shape == (3, 2, 2)
    assert tuple(image[:, 0, 0]) == channels(DARK.panel)
    assert tuple(image[:, 0, 1]) == channels(DARK.error_above)
    assert tuple(image[:, 1, 0]) == tuple(image[:, 1, 1]) == channels(DARK.error_below)


def test_errors_of_several_images_keep_their_leading_axes() -> None:
    errors = np.random.default_rng(0).uniform(-1, 1, (4, 1, 9, 13))
    images = error_image(errors, LIGHT)
    assert images.shape == (4, 1, 3, 9, 13)
    assert np.array_equal(images[2, 0], error_image(errors[2, 0], LIGHT))


def test_ink_on_paper_inverts_grey_images() -> None:
    images = np.array([[[0, 255, 100]]], np.uint8)
    assert as_shown(images, ink_on_paper=False).tolist() == [[[0, 255, 100]]]
    assert as_shown(images, ink_on_paper=True).tolist() == [[[255, 0, 155]]]


def test_colour_images_are_not_inverted() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    assert np.array_equal(as_shown(image, ink_on_paper=True), image)
    assert np.array_equal(as_shown(image[None, :1], ink_on_paper=True), 255 - image[None, :1])


def test_images_without_an_axis_of_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="28, 28"):
        as_shown(np.zeros((28, 28), np.uint8), ink_on_paper=True)


def test_errors_in_steps_of_a_pixel_and_as_shares_have_the_same_colours() -> None:
    steps = np.arange(-255, 256, dtype=np.int16).reshape(7, 73)
    image = error_image(steps, DARK, limit=0.5)
    assert image.shape == (3, 7, 73)
    assert np.array_equal(image, error_image(steps / 255.0, DARK, limit=0.5))
    assert error_image(np.zeros((5, 2, 8, 9), np.int16), DARK).shape == (5, 2, 3, 8, 9)
