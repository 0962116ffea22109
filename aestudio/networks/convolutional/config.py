"""Strided convolutions down to a small map, one dense layer, and the mirror of both."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import place
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.networks.hidden_layers import (
    NormalisationChoice,
    activation_setting,
    after_product,
    dropout_setting,
    normalisation_setting,
)
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

KERNEL = 4
DEEPEST = 4


class Convolutional(Network):
    """Each convolution (kernel 4, stride 2, padding 1) halves the image; a dense layer comes last."""

    title: ClassVar[str] = "Convolutional"
    summary: ClassVar[str] = "Small filters slide over the image."

    channels: tuple[int, ...] = setting(
        (16, 32),
        title="Channels",
        unit="filters",
        ge=1,
        le=256,
        help="Filters of each convolution, first to last, at most four; each halves the image's sides.",
    )
    dense_units: int = setting(
        128,
        title="Dense units",
        unit="units",
        ge=1,
        le=2048,
        help="Units of the fully connected layer between the convolutions and the code.",
    )
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()

    @field_validator("channels")
    @classmethod
    def _at_most_four(cls, channels: tuple[int, ...]) -> tuple[int, ...]:
        if len(channels) > DEEPEST:
            allowed = "at most four whole numbers: after four convolutions little of an image is left"
            raise PydanticCustomError("sizes", "{allowed}", {"name": "channels", "allowed": allowed})
        return channels

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (*self._convolutions(), Flatten(), Dense(self.dense_units), *self._after_product())

    def _after_product(self) -> tuple[Layer, ...]:
        return after_product(self.activation, self.normalisation, self.dropout)

    def _convolutions(self) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for channels in self.channels:
            layers += [Convolution(channels, KERNEL, stride=2, padding=1), *self._after_product()]
        return tuple(layers)

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        # The mirror ends each convolution with the shape that its counterpart began with.
        halved = [one for one in place(self._convolutions(), image) if isinstance(one.layer, Convolution)]
        narrowest = halved[-1].shape if halved else image
        layers: list[Layer] = [
            Dense(self.dense_units),
            *self._after_product(),
            Dense(prod(narrowest)),
            Reshape(narrowest),
        ]
        for one in reversed(halved):
            channels, height, width = one.inputs
            layers += [
                *self._after_product(),
                TransposedConvolution(channels, KERNEL, (height, width), stride=2, padding=1),
            ]
        return tuple(layers)
