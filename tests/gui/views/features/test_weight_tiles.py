"""Weights of every shape become squares of whole pixels."""

from __future__ import annotations

import numpy as np

from aestudio.analysis.first_layer import FirstLayer
from aestudio.gui.views.features.weight_tiles import weight_tiles


def _layer(kind: str, weights: np.ndarray | None) -> FirstLayer:
    """A first layer with these weights (N, H, W), or (3, U, 28) for gates."""
    count = 0 if weights is None else len(weights)
    return FirstLayer(kind, weights, np.ones(count, np.float32))  # type: ignore[arg-type]


def test_units_are_not_changed() -> None:
    weights = np.random.default_rng(0).uniform(-1, 1, (5, 28, 28)).astype(np.float32)
    tiles = weight_tiles(_layer("units", weights))
    assert np.array_equal(tiles.images, weights)
    assert tiles.captions == ("0", "1", "2", "3", "4")


def test_kernels_are_enlarged_by_a_whole_factor() -> None:
    kernels = np.random.default_rng(0).uniform(0.1, 1, (2, 3, 3)).astype(np.float32)
    tiles = weight_tiles(_layer("filters", kernels)).images
    assert tiles.shape == (2, 28, 28)
    assert np.array_equal(tiles[:, :27:9, :27:9], kernels)
    assert np.array_equal(tiles[0, 9:18, 18:27], np.full((9, 9), kernels[0, 1, 2]))
    assert not tiles[:, 27].any()
    assert not tiles[:, :, 27].any()


def test_gates_are_cut_into_blocks_of_28_units() -> None:
    gates = np.random.default_rng(0).uniform(-1, 1, (3, 40, 28)).astype(np.float32)
    tiles = weight_tiles(_layer("gates", gates))
    assert tiles.captions == ("r 0–27", "r 28–39", "z 0–27", "z 28–39", "n 0–27", "n 28–39")
    assert np.array_equal(tiles.images[3][:12], gates[1, 28:])
    assert not tiles.images[3][12:].any()


def test_a_layer_that_cannot_be_shown_has_no_tile() -> None:
    assert weight_tiles(_layer("nothing", None)).images.shape == (0, 28, 28)
