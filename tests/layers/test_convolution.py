"""Convolutions against sums over windows, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from aestudio.datasets.image_shape import size_text
from aestudio.layers.convolution import Convolution
from tests.layers.support import IMAGES, check, check_refused, some

LAYERS = [Convolution(4, 4, 2, 1), Convolution(5, 3, padding=1), Convolution(2, 1, 2), Convolution(3, 5, 3)]


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_convolution_is_a_sum_over_windows(layer: Convolution, inputs: tuple[int, ...]) -> None:
    module = check(layer, inputs)
    values = some(2, *inputs)
    border = ((0, 0), (0, 0), (layer.padding,) * 2, (layer.padding,) * 2)
    windows = sliding_window_view(np.pad(values.numpy(), border), (layer.kernel, layer.kernel), (2, 3))
    windows = windows[:, :, :: layer.stride, :: layer.stride]
    weight, bias = (module.get_parameter(name).detach().numpy() for name in ("weight", "bias"))
    expected = np.einsum("bchwij,ocij->bohw", windows, weight) + bias[:, None, None]
    np.testing.assert_allclose(module(values).detach(), expected, rtol=1e-4, atol=1e-5)


@given(
    height=st.integers(1, 64),
    width=st.integers(1, 64),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
)
def test_every_size_is_as_declared_or_refused(
    height: int, width: int, kernel: int, stride: int, padding: int
) -> None:
    layer = Convolution(2, kernel, stride, padding)
    if min(height, width) + 2 * padding < kernel:
        assert size_text(height, width) in check_refused(layer, (1, height, width))
    else:
        check(layer, (1, height, width), batch=1)


@pytest.mark.parametrize("inputs", [(9,), (28, 28)])
def test_only_maps_are_taken(inputs: tuple[int, ...]) -> None:
    assert "maps" in check_refused(Convolution(2, 3), inputs)
