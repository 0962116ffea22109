"""Patches of images of any shape, and back; positions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.layers.patches import ImageToPatches, PatchesToImage, Positions
from tests.layers.support import IMAGES, check, check_refused, some


@pytest.mark.parametrize("side", [2, 4, 7, 32])
@pytest.mark.parametrize("image", IMAGES, ids=str)
def test_patches_are_squares_of_the_image_row_by_row(image: tuple[int, int, int], side: int) -> None:
    layer = ImageToPatches(side)
    images = some(2, *image)
    found = layer.build(image)(images).numpy()
    assert found.shape == (2, *layer.output_shape(image))
    channels, height, width = image
    rows, columns = -(-height // side), -(-width // side)
    whole = np.zeros((2, channels, rows * side, columns * side), dtype=np.float32)
    whole[:, :, :height, :width] = images
    expected = [
        whole[:, :, side * row : side * (row + 1), side * column : side * (column + 1)].reshape(2, -1)
        for row in range(rows)
        for column in range(columns)
    ]
    np.testing.assert_array_equal(found, np.stack(expected, axis=1))
    back = PatchesToImage(image, side).build(layer.output_shape(image))(torch.tensor(found))
    np.testing.assert_array_equal(back, images)


def test_declared_shapes_are_those_of_the_modules() -> None:
    check(ImageToPatches(4), (3, 33, 17))
    check(PatchesToImage((3, 33, 17), 4), ImageToPatches(4).output_shape((3, 33, 17)))
    check(Positions(), (49, 16))


def test_what_is_no_sequence_of_patches_is_refused() -> None:
    assert "(48, 16)" in check_refused(PatchesToImage((1, 28, 28), 4), (48, 16))
    check_refused(Positions(), (1, 28, 28))
    check_refused(ImageToPatches(4), (784,))


def test_positions_are_added() -> None:
    module = check(Positions(), (5, 3))
    values = some(2, 5, 3)
    table = module.state_dict()["table.weight"]
    assert 0.005 < float(table.std()) < 0.05
    torch.testing.assert_close(module(values), values + table)
