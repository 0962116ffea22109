"""Transposed convolutions: the mirror of a convolution, for sides that halve evenly and others."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from aestudio.layers.convolution import Convolution
from aestudio.layers.transposed_convolution import TransposedConvolution
from tests.layers.support import IMAGES, check, check_refused, some

SIDES = st.integers(8, 64)


@given(
    height=SIDES,
    width=SIDES,
    channels=st.sampled_from([1, 3]),
    kernel=st.integers(1, 6),
    stride=st.integers(1, 4),
    padding=st.integers(0, 2),
)
def test_the_mirror_ends_where_the_convolution_began(
    height: int, width: int, channels: int, kernel: int, stride: int, padding: int
) -> None:
    there = Convolution(2, kernel, stride, padding)
    narrow = there.output_shape((channels, height, width))
    back = TransposedConvolution(channels, kernel, (height, width), stride, padding)
    assert back.output_shape(narrow) == (channels, height, width)
    check(back, narrow, batch=1)


@given(height=SIDES, width=SIDES, stride=st.integers(1, 3))
def test_it_is_the_adjoint_of_the_convolution(height: int, width: int, stride: int) -> None:
    """<Ax, y> = <x, A'y> for equal kernels without biases; A'y is 0 where no window reached."""
    kernel, padding = 4, 1
    narrow = Convolution(2, kernel, stride, padding).output_shape((3, height, width))
    forward = Convolution(2, kernel, stride, padding).build((3, height, width))
    backward = TransposedConvolution(3, kernel, (height, width), stride, padding).build(narrow)
    with torch.no_grad():
        for module in (forward, backward):
            module.get_parameter("bias").zero_()
        backward.get_parameter("weight").copy_(forward.get_parameter("weight"))
        image, maps = some(1, 3, height, width), some(1, *narrow, seed=2)
        one, other = (forward(image) * maps).sum(), (image * backward(maps)).sum()
    torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("inputs", IMAGES, ids=str)
def test_impossible_sides_are_refused(inputs: tuple[int, ...]) -> None:
    _, height, width = inputs
    for sides in ((2 * height + 2, 2 * width), (2 * height, 2 * width - 1), (height, width)):
        sentence = check_refused(TransposedConvolution(2, 4, sides, stride=2, padding=1), inputs)
        assert str(sides) in sentence
    check(TransposedConvolution(2, 4, (2 * height + 1, 2 * width), stride=2, padding=1), inputs)


def test_only_maps_are_taken() -> None:
    assert "maps" in check_refused(TransposedConvolution(1, 4, (8, 8)), (9,))


@given(before=st.integers(1, 20), side=st.integers(1, 64), stride=st.integers(1, 3))
def test_what_is_declared_is_what_torch_can_do(before: int, side: int, stride: int) -> None:
    layer = TransposedConvolution(1, 3, (side, side), stride, 1)
    least = (before - 1) * stride + 1
    assume(side > 0)
    if least <= side < least + stride:
        check(layer, (2, before, before), batch=1)
    else:
        check_refused(layer, (2, before, before))
