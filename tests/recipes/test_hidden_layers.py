"""Settings that networks share: each changes its layers, and a file without them is what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.layers.activation import Activation
from aestudio.layers.dropout import Dropout
from aestudio.layers.layer import place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.deep_convolutional.config import DeepConvolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.networks.mirrored_convolutions import halving, mirror
from aestudio.networks.residual.config import ResidualConvolutional
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.setting import describe

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer
    from aestudio.recipes.network import Network

SHARED = ("activation", "normalisation", "dropout")
NETWORKS = (FullyConnected, Convolutional, ResidualConvolutional)
EACH = pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.kind())


def layers_of(network: Network) -> list[Layer]:
    recipe = find_recipe("vae").combined(network)
    placed = [one.layer for one in Architecture(recipe, MNIST).placed]
    return [inner for one in placed for inner in (one, *getattr(one, "layers", ()))]


@EACH
def test_one_declaration_for_all(network: type[Network]) -> None:
    assert [one for one in describe(network) if one.name in SHARED] == [
        one for one in describe(FullyConnected) if one.name in SHARED
    ]


@EACH
def test_what_was_before_them_is_their_default(network: type[Network]) -> None:
    layers = layers_of(network())
    assert {one.function for one in layers if isinstance(one, Activation)} == {"relu"}
    assert not any(isinstance(one, Normalisation | Dropout) for one in layers)


@EACH
@pytest.mark.parametrize("statistics", ["batch", "layer"])
def test_every_hidden_layer_is_normalised_activated_and_dropped_out(
    network: type[Network], statistics: Any
) -> None:
    settings: dict[str, Any] = {"activation": "gelu", "normalisation": statistics, "dropout": 0.1}
    plain, layers = layers_of(network()), layers_of(network(**settings))
    places = [index for index, one in enumerate(layers) if isinstance(one, Activation)]
    assert len(places) == sum(isinstance(one, Activation) for one in plain) > 1
    for index in places:
        assert layers[index - 1 : index + 2] == [Normalisation(statistics), Activation("gelu"), Dropout(0.1)]
    assert len(layers) == len(plain) + 2 * len(places)


@pytest.mark.parametrize("name", ["channels", "dense_units"])
def test_the_sizes_of_convolutional_networks_are_declared_once(name: str) -> None:
    having = [
        one for one in (Convolutional, ResidualConvolutional, DeepConvolutional) if name in one.model_fields
    ]
    first, *others = [[info for info in describe(one) if info.name == name] for one in having]
    assert len(first) == 1
    assert others
    assert all(one == first for one in others)


@pytest.mark.parametrize("image", [(1, 20, 28), (3, 33, 17), (1, 64, 64)], ids=str)
@pytest.mark.parametrize("channels", [(), (5,), (3, 5, 7)], ids=str)
def test_a_mirror_leads_back_through_the_same_shapes(
    image: tuple[int, int, int], channels: tuple[int, ...]
) -> None:
    convolutions = [layer for count in channels for layer in (halving(count), Activation("elu"))]
    shapes = [image, *(one.shape for one in place(convolutions, image) if one.layer != Activation("elu"))]
    asked: list[int] = []

    def before(count: int) -> tuple[Layer, ...]:
        asked.append(count)
        return (Activation("tanh"),)

    back = place(mirror(convolutions, image, before), (4,))
    assert [one.shape for one in back if isinstance(one.layer, TransposedConvolution)] == shapes[-2::-1]
    assert back[1].shape == shapes[-1]
    assert back[-1].shape == image
    assert asked == [*reversed(channels)]
    assert sum(one.layer == Activation("tanh") for one in back) == len(channels)
