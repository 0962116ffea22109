"""Strided convolutions down to a small map, one dense layer, and the mirror of both."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from aestudio.recipes.layer import Layer, convolution, dense
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

KERNEL = 4
DEEPEST = 4


def sides(layers: int) -> tuple[int, ...]:
    """Side of the feature map after each stride-2 convolution (kernel 4, padding 1): 28, 14, 7, 3, ..."""
    side, result = 28, [28]
    for _ in range(layers):
        side = (side + 2 - KERNEL) // 2 + 1
        result.append(side)
    return tuple(result)


class Convolutional(Network):
    """Each convolution halves the image; a dense layer follows the last one."""

    title: ClassVar[str] = "Convolutional"
    summary: ClassVar[str] = "Small filters slide over the image."

    channels: tuple[int, ...] = setting(
        (16, 32),
        title="Channels",
        unit="filters",
        ge=1,
        le=256,
        help="Filters of each convolution, first to last, at most four; each halves the image's side.",
    )
    dense_units: int = setting(
        128,
        title="Dense units",
        unit="units",
        ge=1,
        le=2048,
        help="Units of the fully connected layer between the convolutions and the code.",
    )

    @field_validator("channels")
    @classmethod
    def _at_most_four(cls, channels: tuple[int, ...]) -> tuple[int, ...]:
        if len(channels) > DEEPEST:
            allowed = "at most four whole numbers: after four convolutions one pixel is left"
            raise PydanticCustomError("sizes", "{allowed}", {"name": "channels", "allowed": allowed})
        return channels

    def encoder_layers(self) -> tuple[Layer, ...]:
        side = sides(len(self.channels))
        widths = (1, *self.channels)
        layers = [
            convolution(inputs, outputs, KERNEL, after)
            for (inputs, outputs), after in zip(pairwise(widths), side[1:], strict=True)
        ]
        return (*layers, dense(widths[-1] * side[-1] ** 2, self.dense_units))

    def decoder_layers(self) -> tuple[Layer, ...]:
        side = sides(len(self.channels))
        widths = (1, *self.channels)
        layers = [
            convolution(inputs, outputs, KERNEL, after)
            for (inputs, outputs), after in zip(pairwise(widths[::-1]), side[-2::-1], strict=True)
        ]
        flat = dense(self.dense_units, widths[-1] * side[-1] ** 2)
        return (dense(self.latent_size, self.dense_units), flat, *layers)
