"""Lists of layers as modules: their names, their order, and that no layer changes what is not its own."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.layer import Layer, ShapeError
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.residual import Residual
from aestudio.layers.sequence import build_sequence
from tests.layers.support import some


def test_names_and_positions() -> None:
    module = build_sequence((Flatten(), Dense(4, name="first"), Activation(), Dense(2)), (1, 8, 8))
    assert [name for name, _ in module.named_children()] == ["0", "first", "2", "3"]
    assert module(some(3, 1, 8, 8)).shape == (3, 2)
    with pytest.raises(ShapeError):
        build_sequence((Flatten(), Reshape((7,))), (1, 8, 8))


ORDERS: list[tuple[tuple[Layer, ...], tuple[int, ...]]] = [
    ((Activation(), Dense(3)), (5,)),
    ((Flatten(), Activation("leaky_relu"), Dense(3)), (1, 8, 8)),
    ((Dense(4), Activation("tanh"), Activation(), Dense(2)), (5,)),
    ((Dense(4), Activation("sigmoid"), Activation("leaky_relu")), (5,)),
    ((Dense(4), Dropout(0.5), Activation(), Dense(2)), (5,)),
    ((Convolution(2, 3), Activation(), Activation("leaky_relu"), Convolution(2, 3)), (3, 8, 8)),
    ((Recurrent(4), Activation(), Dense(2)), (6, 5)),
    ((Residual((Activation(), Dense(7))), Activation(), Dense(2)), (5,)),
]


@pytest.mark.parametrize(("layers", "inputs"), ORDERS, ids=str)
def test_any_order_of_layers_has_gradients_and_leaves_its_inputs_alone(
    layers: tuple[Layer, ...], inputs: tuple[int, ...]
) -> None:
    """ReLU in place saves memory, but may only overwrite what nobody reads any more."""
    module = build_sequence(layers, inputs)
    given = some(3, *inputs)
    values = given.clone()
    module(values).square().sum().backward()
    assert torch.equal(values, given)
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_after_products_activations_work_in_place() -> None:
    module = build_sequence(
        (Dense(9), Reshape((1, 3, 3)), Activation(), Convolution(2, 2), Activation()), (4,)
    )
    assert [one.inplace for one in module.modules() if isinstance(one, nn.ReLU)] == [True, True]
