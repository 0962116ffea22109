"""First-layer weights of models for colour images, and for images that are no squares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.first_layer import FirstLayer, first_layer
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from tests.shaped import COLOUR, NARROW, SHAPES

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import ImageShape


def layer_of(shape: ImageShape, monkeypatch: pytest.MonkeyPatch, **weights: np.ndarray) -> FirstLayer:
    monkeypatch.setattr("aestudio.analysis.first_layer.image_shape_of", lambda snapshot: shape)
    named = {name.replace("__", "."): array.astype(np.float32) for name, array in weights.items()}
    return first_layer(Snapshot("run", find_recipe("deep-ae"), 0, 0.0, named))


def weights_in(found: FirstLayer) -> np.ndarray:
    assert found.images is not None
    assert np.abs(found.images).max(axis=(1, 2, 3)) == pytest.approx(np.ones(len(found.images)))
    return found.images * found.scales[:, None, None, None]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_dense_unit_is_an_image_of_the_shape(shape: ImageShape, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(0).normal(size=(5, shape.size))
    found = layer_of(shape, monkeypatch, encoder__1__weight=weights, encoder__3__weight=np.ones((2, 5)))
    assert found.kind == "units"
    for unit, image in zip(weights, weights_in(found), strict=True):
        pixel = unit.reshape(shape.channels, shape.height, shape.width)[-1, 3, 7]
        assert image[-1, 3, 7] == pytest.approx(pixel, abs=1e-6)
        assert image.ravel() == pytest.approx(unit, abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_filter_has_the_channels_of_the_images(shape: ImageShape, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(0).normal(size=(6, shape.channels, 4, 4))
    found = layer_of(shape, monkeypatch, encoder__0__weight=weights, encoder__0__bias=np.ones(6))
    assert found.kind == "filters"
    assert weights_in(found) == pytest.approx(weights, abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_gru_reads_rows_of_every_channel(shape: ImageShape, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(0).normal(size=(3 * 7, shape.channels * shape.width))
    found = layer_of(shape, monkeypatch, encoder__gru__weight_ih_l0=weights)
    assert found.kind == "gates"
    images = weights_in(found)
    assert images.shape == (3, shape.channels, 7, shape.width)
    for gate in range(3):
        for channel in range(shape.channels):
            columns = slice(channel * shape.width, (channel + 1) * shape.width)
            assert images[gate, channel] == pytest.approx(weights[7 * gate : 7 * gate + 7, columns], abs=1e-6)


def test_weights_of_another_shape_have_no_images(monkeypatch: pytest.MonkeyPatch) -> None:
    dense = np.ones((5, NARROW.size))
    assert layer_of(COLOUR, monkeypatch, encoder__1__weight=dense).kind == "nothing"
    assert layer_of(COLOUR, monkeypatch, encoder__0__weight=np.ones((6, 1, 4, 4))).kind == "nothing"
