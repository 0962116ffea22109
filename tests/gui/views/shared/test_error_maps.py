"""One map of signed errors for each image, of any number of channels."""

from __future__ import annotations

import numpy as np

from aestudio.gui.theme.colours import ZERO, diverging_table, error_image
from aestudio.gui.theme.tokens import DARK
from aestudio.gui.views.shared.error_maps import error_map, in_colour
from aestudio.gui.views.shared.error_scale import ERROR_LIMIT


def _errors(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(-255, 256, shape).astype(np.int16)


def test_errors_of_grey_images_are_drawn_as_they_are() -> None:
    errors = _errors(4, 1, 28, 20)
    drawn = error_map(errors, DARK)
    assert drawn.shape == (4, 3, 28, 20)
    assert np.array_equal(drawn, error_image(errors[:, 0] / 255.0, DARK, ERROR_LIMIT))


def test_errors_of_colour_images_are_drawn_as_their_luminance() -> None:
    errors = _errors(3, 8, 9)
    drawn = error_map(errors, DARK)
    assert drawn.shape == (3, 8, 9)
    for y in range(8):
        for x in range(9):
            red, green, blue = errors[:, y, x].tolist()
            level = round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
            share = max(-1.0, min(1.0, level / 255 / ERROR_LIMIT))
            assert tuple(drawn[:, y, x]) == tuple(diverging_table(DARK)[ZERO + round(127 * share)])


def test_a_picture_has_colour_if_it_has_three_channels() -> None:
    assert in_colour(np.zeros((3, 8, 8)))
    assert in_colour(np.zeros((5, 2, 3, 8, 8)))
    assert not in_colour(np.zeros((3, 1, 8, 8)))
