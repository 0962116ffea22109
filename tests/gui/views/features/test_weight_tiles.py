"""Weights of every shape become squares of whole pixels."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.analysis.first_layer import FirstLayer
from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.views.features.weight_tiles import weight_tiles

COLOUR, NARROW = ImageShape(3, 32, 32), ImageShape(1, 28, 20)


def _layer(kind: str, weights: np.ndarray | None) -> FirstLayer:
    """A first layer with these weights (N, C, H, W), or (3, C, U, W) for gates."""
    count = 0 if weights is None else len(weights)
    return FirstLayer(kind, weights, np.ones(count, np.float32))  # type: ignore[arg-type]


def _weights(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(0.1, 1, shape).astype(np.float32)


@pytest.mark.parametrize("shape", [MNIST.image, COLOUR, NARROW], ids=str)
def test_units_are_not_changed(shape: ImageShape) -> None:
    weights = _weights(5, *shape.array)
    tiles = weight_tiles(_layer("units", weights), shape)
    assert np.array_equal(tiles.images, weights)
    assert tiles.captions == ("0", "1", "2", "3", "4")


@pytest.mark.parametrize("shape", [MNIST.image, NARROW], ids=str)
def test_grey_kernels_are_enlarged_by_a_whole_factor(shape: ImageShape) -> None:
    kernels = _weights(2, 1, 3, 3)
    tiles = weight_tiles(_layer("filters", kernels), shape).images
    assert tiles.shape == (2, 1, 28, 28)
    assert np.array_equal(tiles[..., :27:9, :27:9], kernels)
    assert np.array_equal(tiles[0, 0, 9:18, 18:27], np.full((9, 9), kernels[0, 0, 1, 2]))
    assert not tiles[..., 27, :].any()
    assert not tiles[..., 27].any()


def test_colour_kernels_have_no_frame() -> None:
    kernels = _weights(2, 3, 3, 3)
    tiles = weight_tiles(_layer("filters", kernels), COLOUR).images
    assert tiles.shape == (2, 3, 30, 30)
    assert np.array_equal(tiles, np.kron(kernels, np.ones((10, 10), np.float32)))


def test_kernels_larger_than_an_image_keep_their_size() -> None:
    kernels = _weights(1, 1, 11, 11)
    assert np.array_equal(weight_tiles(_layer("filters", kernels), ImageShape(1, 8, 8)).images, kernels)


@pytest.mark.parametrize("channels", [1, 3])
def test_gates_are_cut_into_blocks_as_high_as_a_row_is_wide(channels: int) -> None:
    gates = _weights(3, channels, 40, 28)
    tiles = weight_tiles(_layer("gates", gates), ImageShape(channels, 20, 28))
    assert tiles.captions == ("r 0–27", "r 28–39", "z 0–27", "z 28–39", "n 0–27", "n 28–39")
    assert tiles.images.shape == (6, channels, 28, 28)
    assert np.array_equal(tiles.images[3][:, :12], gates[1, :, 28:])


def test_an_lstm_has_four_gates() -> None:
    gates = _weights(4, 1, 40, 28)
    layer = FirstLayer("gates", gates, np.ones(4, np.float32), cell="lstm")
    tiles = weight_tiles(layer, MNIST.image)
    assert [caption[0] for caption in tiles.captions] == [*"iiffggoo"]
    assert np.array_equal(tiles.images[4][:, :28], gates[2, :, :28])
    assert not tiles.images[3][:, 12:].any()


def test_a_layer_that_cannot_be_shown_has_no_tile() -> None:
    assert weight_tiles(_layer("nothing", None), NARROW).images.shape == (0, 1, 28, 20)
