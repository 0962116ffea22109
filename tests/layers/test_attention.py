"""Attention against softmax(Q K' / sqrt(d)) V, head by head."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from aestudio.layers.attention import Attention
from tests.layers.support import check, check_refused, some


@pytest.mark.parametrize(
    ("inputs", "heads"), [((28, 28), 4), ((28, 20), 5), ((33, 51), 3), ((8, 8), 1), ((1, 6), 2)], ids=str
)
def test_attention_is_the_formula(inputs: tuple[int, int], heads: int) -> None:
    module = check(Attention(heads), inputs)
    state = {name: values.numpy() for name, values in module.state_dict().items()}
    values = some(2, *inputs)
    rows, width = inputs
    mixed = values.numpy() @ state["attention.in_proj_weight"].T + state["attention.in_proj_bias"]
    queries, keys, contents = (
        part.reshape(2, rows, heads, width // heads).transpose(0, 2, 1, 3)
        for part in np.split(mixed, 3, axis=2)
    )
    shares = softmax(queries @ keys.transpose(0, 1, 3, 2) / np.sqrt(width // heads), axis=-1)
    joined = (shares @ contents).transpose(0, 2, 1, 3).reshape(2, rows, width)
    expected = joined @ state["attention.out_proj.weight"].T + state["attention.out_proj.bias"]
    np.testing.assert_allclose(module(values).detach(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("inputs", [(9,), (1, 28, 28), (28, 30)], ids=str)
def test_heads_divide_the_numbers_of_a_row(inputs: tuple[int, ...]) -> None:
    assert "4 heads" in check_refused(Attention(4), inputs)
