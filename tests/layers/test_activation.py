"""Activation functions against their formulas."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import erf

from aestudio.layers.activation import Activation
from tests.layers.support import IMAGES, check, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.layers.activation import ActivationName

FORMULAS: dict[ActivationName, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "prelu": lambda x: np.where(x > 0, x, 0.25 * x),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x * 0.5 * (1 + erf(x / sqrt(2))),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("inputs", [(9,), (4, 5), *IMAGES])
def test_each_function(name: ActivationName, inputs: tuple[int, ...]) -> None:
    module = check(Activation(name), inputs)
    values = some(2, *inputs)
    expected = FORMULAS[name](values.numpy().astype(np.float64))
    np.testing.assert_allclose(module(values.clone()).detach(), expected, rtol=1e-5, atol=1e-6)
    slopes = inputs[0] if name == "prelu" else 0
    assert Activation(name).parameter_count(inputs) == slopes


def test_prelu_has_a_slope_for_each_channel() -> None:
    module = Activation("prelu").build((3, 8, 8))
    module.get_parameter("weight").data.copy_(some(3))
    values = -some(2, 3, 8, 8).abs()
    expected = values * some(3)[None, :, None, None]
    np.testing.assert_allclose(module(values).detach(), expected)
