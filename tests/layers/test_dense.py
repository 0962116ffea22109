"""Dense layers: rows of numbers, and each row of a sequence."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.layers.dense import Dense
from tests.layers.support import check, some


@pytest.mark.parametrize("inputs", [(1,), (17,), (5, 7)])
def test_a_dense_layer_is_a_matrix_and_biases(inputs: tuple[int, ...]) -> None:
    module = check(Dense(4), inputs)
    values = some(3, *inputs)
    weight, bias = (module.get_parameter(name).detach().numpy() for name in ("weight", "bias"))
    np.testing.assert_allclose(
        module(values).detach(), values.numpy() @ weight.T + bias, rtol=1e-5, atol=1e-6
    )
    assert Dense(4).parameter_count(inputs) == 4 * inputs[-1] + 4
