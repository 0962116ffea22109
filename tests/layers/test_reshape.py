"""Layers that change the shape only: what goes where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.layers.reshape import Flatten, ImageToRows, Repeat, Reshape, RowsToImage
from tests.layers.support import IMAGES, check, check_refused, some

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
def test_flatten_and_back(inputs: tuple[int, ...]) -> None:
    flat, back = check(Flatten(), inputs), check(Reshape(inputs), Flatten().output_shape(inputs))
    values = some(2, *inputs)
    np.testing.assert_array_equal(flat(values), values.numpy().reshape(2, -1))
    np.testing.assert_array_equal(back(flat(values)), values)


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
def test_rows_hold_their_channels_one_after_the_other(inputs: tuple[int, ...]) -> None:
    channels, height, width = inputs
    rows = check(ImageToRows(), inputs)
    image = check(RowsToImage(channels), (height, channels * width))
    values = some(2, *inputs)
    sequence = rows(values)
    for row in range(height):
        np.testing.assert_array_equal(sequence[:, row], values[:, :, row].reshape(2, -1))
    np.testing.assert_array_equal(image(sequence), values)


def test_repeat() -> None:
    module = check(Repeat(4), (5,))
    values = some(2, 5)
    np.testing.assert_array_equal(module(values), np.repeat(values.numpy()[:, None], 4, axis=1))


REFUSED: list[tuple[Layer, tuple[int, ...]]] = [
    (Reshape((1, 28, 28)), (783,)),
    (Reshape((4, 14, 14)), (1, 28, 28)),
    (Reshape((784,)), (28, 28)),
    (ImageToRows(), (784,)),
    (ImageToRows(), (28, 28)),
    (RowsToImage(3), (28, 28)),
    (RowsToImage(1), (784,)),
    (RowsToImage(1), (1, 28, 28)),
    (Repeat(3), (4, 5)),
    (Repeat(3), (1, 28, 28)),
]


@pytest.mark.parametrize(("layer", "inputs"), REFUSED, ids=str)
def test_what_does_not_fit_is_refused(layer: Layer, inputs: tuple[int, ...]) -> None:
    check_refused(layer, inputs)
