"""First-layer weights of models for colour images, and for images that are no squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from aestudio.analysis.first_layer import FirstLayer, first_layer
from aestudio.datasets.image_shape import DataShape
from aestudio.layers.dense import Dense
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import ImageToRows
from aestudio.networks.row_gru.config import RowGru
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from tests.shaped import COLOUR, NARROW, SHAPES

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.layers.layer import Layer


def layer_of(shape: ImageShape, **weights: np.ndarray) -> FirstLayer:
    named = {name.replace("__", "."): array.astype(np.float32) for name, array in weights.items()}
    return first_layer(Snapshot("run", find_recipe("deep-ae"), 0, 0.0, named, data=DataShape(shape)))


def weights_in(found: FirstLayer) -> np.ndarray:
    assert found.images is not None
    assert np.abs(found.images).max(axis=(1, 2, 3)) == pytest.approx(np.ones(len(found.images)))
    return found.images * found.scales[:, None, None, None]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_dense_unit_is_an_image_of_the_shape(shape: ImageShape) -> None:
    weights = np.random.default_rng(0).normal(size=(5, shape.size))
    found = layer_of(shape, encoder__1__weight=weights, encoder__3__weight=np.ones((2, 5)))
    assert found.kind == "units"
    for unit, image in zip(weights, weights_in(found), strict=True):
        pixel = unit.reshape(shape.channels, shape.height, shape.width)[-1, 3, 7]
        assert image[-1, 3, 7] == pytest.approx(pixel, abs=1e-6)
        assert image.ravel() == pytest.approx(unit, abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_filter_has_the_channels_of_the_images(shape: ImageShape) -> None:
    weights = np.random.default_rng(0).normal(size=(6, shape.channels, 4, 4))
    found = layer_of(shape, encoder__0__weight=weights, encoder__0__bias=np.ones(6))
    assert found.kind == "filters"
    assert weights_in(found) == pytest.approx(weights, abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_gru_reads_rows_of_every_channel(shape: ImageShape) -> None:
    weights = np.random.default_rng(0).normal(size=(3 * 7, shape.channels * shape.width))
    recipe = find_recipe("row-gru-ae").with_settings({"units": 7})
    named = {"encoder.gru.weight_ih_l0": weights.astype(np.float32)}
    found = first_layer(Snapshot("run", recipe, 0, 0.0, named, data=DataShape(shape)))
    assert (found.kind, found.cell) == ("gates", "gru")
    images = weights_in(found)
    assert images.shape == (3, shape.channels, 7, shape.width)
    for gate in range(3):
        for channel in range(shape.channels):
            columns = slice(channel * shape.width, (channel + 1) * shape.width)
            assert images[gate, channel] == pytest.approx(weights[7 * gate : 7 * gate + 7, columns], abs=1e-6)


def test_weights_of_another_shape_have_no_images() -> None:
    dense = np.ones((5, NARROW.size))
    assert layer_of(COLOUR, encoder__1__weight=dense).kind == "nothing"
    assert layer_of(COLOUR, encoder__0__weight=np.ones((6, 1, 4, 4))).kind == "nothing"


def layer_of_rows(first: Layer, shape: ImageShape, monkeypatch: pytest.MonkeyPatch) -> FirstLayer:
    """The first layer of a model that reads the image's rows with this layer, and its own first weights."""
    last = Recurrent(3, result="last")
    monkeypatch.setattr(RowGru, "encoder", lambda _, inputs: (ImageToRows(), first, last))
    rows = (shape.height, shape.channels * shape.width)
    named = {
        f"encoder.1.{name}": array.detach().numpy() for name, array in first.build(rows).named_parameters()
    }
    return first_layer(Snapshot("run", find_recipe("row-gru-ae"), 0, 0.0, named, data=DataShape(shape)))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("cell", "count"), [("gru", 3), ("lstm", 4)])
def test_the_layer_tells_the_gates(
    cell: Literal["gru", "lstm"], count: int, shape: ImageShape, monkeypatch: pytest.MonkeyPatch
) -> None:
    """4 * 6 rows of an LSTM's weights could be 3 * 8 of a GRU."""
    found = layer_of_rows(Recurrent(6, cell), shape, monkeypatch)
    assert (found.kind, found.cell) == ("gates", cell)
    assert weights_in(found).shape == (count, shape.channels, 6, shape.width)


def test_other_layers_that_read_rows_have_no_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    found = layer_of_rows(Dense(6), NARROW, monkeypatch)
    assert (found.kind, found.images) == ("nothing", None)
    assert "row by row" in found.reason
