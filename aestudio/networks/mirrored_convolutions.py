"""Convolutions that halve an image's sides, and the mirror that leads back to its shape. No torch."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import place
from aestudio.layers.reshape import Reshape
from aestudio.layers.transposed_convolution import TransposedConvolution

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aestudio.layers.layer import Layer, Shape

KERNEL = 4  # a multiple of the stride: every pixel of the mirror gets as many products (no checkerboard)


def halving(channels: int) -> Convolution:
    """Maps (C, H, W) -> (channels, H // 2, W // 2)."""
    return Convolution(channels, KERNEL, stride=2, padding=1)


def mirror(
    convolutions: Sequence[Layer], image: Shape, before: Callable[[int], Sequence[Layer]]
) -> tuple[Layer, ...]:
    """Numbers (F,) -> (C, H, W): a dense layer to the narrowest maps, and a transposed convolution for each
    convolution of the encoder, which ends with the shape that its counterpart began with.

    convolutions: the encoder's layers, `halving` ones and others between them, which keep the shape
    image:        what they begin with, (C, H, W)
    before:       the layers before a transposed convolution, of as many channels as it is told
    """
    halved = [one for one in place(convolutions, image) if isinstance(one.layer, Convolution)]
    narrowest = halved[-1].shape if halved else image
    layers: list[Layer] = [Dense(prod(narrowest)), Reshape(narrowest)]
    for one in reversed(halved):
        channels, height, width = one.inputs
        layers += [
            *before(one.shape[0]),
            TransposedConvolution(channels, KERNEL, (height, width), stride=2, padding=1),
        ]
    return tuple(layers)
