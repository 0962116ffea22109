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
from aestudio.layers.transposed_convolution import TransposedConvolution
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


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"),
    [(4, 2, 1), (2, 2, 0), (6, 2, 2), (4, 1, 1), (3, 2, 0), (3, 1, 0), (5, 3, 1)],
)
def test_a_block_that_leaves_out_the_margin(
    inputs: tuple[int, ...], kernel: int, stride: int, padding: int
) -> None:
    """Even kernels on odd sides, and no padding: the shortcut takes a pixel below each kernel."""
    module = check(Residual((Convolution(6, kernel, stride, padding),)), inputs)
    projection = module.get_submodule("projection")
    weight, bias = projection.parameters()
    numbers = torch.zeros(1, *inputs)
    numbers[0, 0] = 100.0 * torch.arange(inputs[1])[:, None] + torch.arange(inputs[2])
    with torch.no_grad():
        for parameter in (weight, bias):
            parameter.zero_()
        weight[0, 0] = 1.0
        taken = projection(numbers)[0, 0].long()
    for axis, pixels in enumerate((taken[:, 0] // 100, taken[0] % 100)):
        first = stride * torch.arange(len(pixels)) - padding
        assert ((first <= pixels) & (pixels < first + kernel)).all(), (axis, pixels)
    values = some(2, *inputs)
    expected = projection(values) + module.get_submodule("inner")(values)
    torch.testing.assert_close(module(values), expected)


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
        ((TransposedConvolution(4, 2, (14, 16), 2),), (1, 7, 8)),
        ((Convolution(4, 9),), (1, 8, 8)),
    ],
    ids=str,
)
def test_what_cannot_be_added_is_refused(layers: tuple[Layer, ...], inputs: tuple[int, ...]) -> None:
    check_refused(Residual(layers), inputs)
