"""Weights of any layer as pictures: nothing is lost, and each number is where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.layer_weights import (
    MOST_SIDE,
    matrices,
    mosaic,
    mosaic_size,
    pooled_to,
    weight_pictures,
)
from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.network_layers import NetworkLayer, chains
from aestudio.training.initial import initial_snapshot

if TYPE_CHECKING:
    from aestudio.training.events import Snapshot


def snapshot(name: str) -> Snapshot:
    return initial_snapshot(find_recipe(name), MNIST)


def layers(of: Snapshot) -> list[NetworkLayer]:
    return [layer for chain in chains(of.architecture) for layer in chain.layers]


@pytest.mark.parametrize("name", [recipe.name for recipe in shipped_recipes()])
def test_every_matrix_of_every_recipe_has_pictures(name: str) -> None:
    model = snapshot(name)
    seen: list[str] = []
    for layer in layers(model):
        for matrix in matrices(layer, model):
            found = weight_pictures(layer, model, matrix)
            seen.append(matrix)
            assert len(found.images) >= 1
            assert max(found.images.shape[1:]) <= MOST_SIDE
            assert np.abs(found.images).max() == pytest.approx(1)
    heads = [each for each in model.weights if each.startswith(("encoder.", "decoder.", "objective.head"))]
    assert set(seen) >= {each for each in heads if model.weights[each].ndim > 1}


def test_units_that_read_an_image_are_pictures_of_it() -> None:
    model = snapshot("deep-ae")
    first = layers(model)[1]
    (matrix,) = matrices(first, model)
    found = weight_pictures(first, model, matrix)
    weights = model.weights[matrix]
    assert (found.of, found.images.shape) == ("unit", (128, *MNIST.image.array[1:]))
    row = weights[5].reshape(MNIST.image.array[1:])
    np.testing.assert_allclose(found.images[5], row / np.abs(row).max(), rtol=1e-6)


def test_units_that_write_an_image_are_pictures_of_what_they_write() -> None:
    model = snapshot("deep-ae")
    last = layers(model)[-2]
    (matrix,) = matrices(last, model)
    found = weight_pictures(last, model, matrix)
    column = model.weights[matrix][:, 3].reshape(MNIST.image.array[1:])
    assert found.of == "input"
    np.testing.assert_allclose(found.images[3], column / np.abs(column).max(), rtol=1e-6)


def test_filters_have_their_kernels_side_by_side() -> None:
    model = snapshot("conv-vae")
    second, upward = layers(model)[2], layers(model)[7]
    found = weight_pictures(second, model, matrices(second, model)[0])
    kernels = model.weights[matrices(second, model)[0]][7]  # (16, 4, 4)
    assert (found.of, found.images.shape) == ("filter", (32, 16, 16))
    np.testing.assert_allclose(found.images[7][:4, 4:8], kernels[1] / np.abs(kernels).max(), rtol=1e-6)
    np.testing.assert_allclose(found.images[7][4:8, :4], kernels[4] / np.abs(kernels).max(), rtol=1e-6)
    assert weight_pictures(upward, model, matrices(upward, model)[0]).of == "map"


def test_other_matrices_are_one_picture_and_large_ones_keep_the_largest() -> None:
    model = snapshot("deep-ae")
    second = layers(model)[2]
    found = weight_pictures(second, model, matrices(second, model)[0])
    weights = model.weights[matrices(second, model)[0]]  # (64, 128)
    assert (found.of, found.pooled, found.images.shape) == ("matrix", 2, (1, 32, 64))
    square = weights[2:4, 10:12]
    expected = square.ravel()[np.abs(square).argmax()] / np.abs(weights).max()
    assert found.images[0, 1, 5] == pytest.approx(expected, rel=1e-6)


def test_a_mosaic_has_every_number_once() -> None:
    maps = np.arange(1, 1 + 5 * 2 * 3, dtype=np.float32).reshape(5, 2, 3)
    picture = mosaic(maps)
    assert picture.shape == mosaic_size(maps.shape)
    assert sorted(picture[picture > 0]) == sorted(maps.ravel())
    np.testing.assert_array_equal(picture[:2, :3], maps[0])
    np.testing.assert_array_equal(picture[:2, 3:6], maps[1])
    row = np.arange(7, dtype=np.float32)
    np.testing.assert_array_equal(mosaic(row).ravel()[:7], row)
    assert mosaic_size((12,), 2) == (6, 2)
    assert mosaic(maps, 1).shape == (10, 3)


def test_what_is_small_is_not_pooled() -> None:
    images = np.ones((2, 5, 7), np.float32)
    same, factor = pooled_to(images, 7)
    assert factor == 1
    assert same is images
