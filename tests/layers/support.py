"""What holds for a layer of any kind: it declares what torch builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from aestudio.layers.layer import ShapeError

if TYPE_CHECKING:
    from torch import nn

    from aestudio.layers.layer import Layer, Shape

# Of images as they come, in grey and in colour.
IMAGES: list[Shape] = [(1, 28, 28), (3, 32, 32), (1, 28, 20), (3, 33, 17), (1, 8, 8)]


def some(*shape: int, seed: int = 0) -> torch.Tensor:
    """Normal numbers, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def check(layer: Layer, inputs: Shape, batch: int = 3) -> nn.Module:
    """Declared shape and parameters are those of the module, which gets a gradient everywhere; returned."""
    module = layer.build(inputs)
    values = some(batch, *inputs).requires_grad_()
    outputs = module(values * 1)
    assert tuple(outputs.shape) == (batch, *layer.output_shape(inputs))
    assert layer.parameter_count(inputs) == sum(parameter.numel() for parameter in module.parameters())
    assert layer.training_bytes(inputs) >= 0
    (outputs * some(*outputs.shape, seed=1)).sum().backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None, name
    assert values.grad is not None
    return module


def check_refused(layer: Layer, inputs: Shape) -> str:
    """The layer refuses such inputs with a sentence, which is returned."""
    with pytest.raises(ShapeError) as caught:
        layer.output_shape(inputs)
    sentence = str(caught.value)
    assert len(sentence.split()) > 3, sentence
    assert not sentence.endswith(".")
    return sentence
