"""Residual blocks: inputs plus inner layers, with a projection where the shape changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from aestudio.layers.activation import Activation
from aestudio.layers.attention import Attention
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten
from aestudio.layers.residual import Residual
from tests.layers.support import IMAGES, check, check_refused, some

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer


def block(channels: int, stride: int = 1) -> tuple[Layer, ...]:
    """A pre-activation block (He et al. 2016): an activation that works in place comes first."""
    return (
        Activation(),
        Convolution(channels, 3, stride, 1),
        Normalisation(),
        Activation(),
        Convolution(channels, 3, 1, 1),
    )


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
@pytest.mark.parametrize(("channels", "stride"), [(None, 1), (6, 1), (6, 2)])
def test_a_block_of_convolutions(inputs: tuple[int, ...], channels: int | None, stride: int) -> None:
    layer = Residual(block(channels or inputs[0], stride))
    module = check(layer, inputs).eval()
    values = some(2, *inputs)
    untouched = values.clone()
    found = module(values)
    assert torch.equal(values, untouched)
    # The same by hand.
    inner = module.get_submodule("inner")
    result = torch.relu(values)
    for part in list(inner.children())[1:]:
        result = part(result)
    shortcut = values
    if channels is not None:
        projection = module.get_submodule("projection.0")
        weight, bias = projection.get_parameter("weight"), projection.get_parameter("bias")
        sampled = values[:, :, ::stride, ::stride]
        shortcut = torch.einsum("bchw,oc->bohw", sampled, weight[:, :, 0, 0]) + bias[:, None, None]
    torch.testing.assert_close(found, result + shortcut, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("inputs", [(9,), (5, 8)], ids=str)
def test_a_block_of_dense_layers(inputs: tuple[int, ...]) -> None:
    module = check(Residual((Dense(12), Activation(), Dense(4))), inputs)
    values = some(2, *inputs)
    expected = module.get_submodule("projection")(values) + module.get_submodule("inner")(values)
    torch.testing.assert_close(module(values), expected)


def test_a_block_in_a_block_and_attention() -> None:
    check(Residual((Residual((Normalisation("layer"), Attention(2))), Dense(8), Activation("gelu"))), (6, 8))


def test_a_block_without_layers_doubles() -> None:
    module, values = check(Residual(()), (1, 8, 8)), some(2, 1, 8, 8)
    assert torch.equal(module(values), 2 * values)


@pytest.mark.parametrize(
    ("layers", "inputs"),
    [
        ((Flatten(), Dense(5)), (1, 28, 28)),
        ((Convolution(4, 3, 2),), (1, 28, 20)),
        ((Convolution(4, 9),), (1, 8, 8)),
    ],
    ids=str,
)
def test_what_cannot_be_added_is_refused(layers: tuple[Layer, ...], inputs: tuple[int, ...]) -> None:
    check_refused(Residual(layers), inputs)
