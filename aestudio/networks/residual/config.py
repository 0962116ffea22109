"""A residual convolutional network (He et al. 2016) down to a small map, one dense layer, and its mirror."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import place
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.residual import Residual
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

HALVING = 4  # the kernel of a convolution that halves the sides; 3 in a block, which keeps them
DEEPEST = 4


class ResidualConvolutional(Network):
    """Convolutions that halve the image's sides, each followed by blocks x + f(x) that keep them.

    In a block f is two convolutions (kernel 3). The derivative of x + f(x) is 1 and that of f, so that deep
    networks learn (He et al. 2016). The decoder mirrors all of it.
    """

    title: ClassVar[str] = "Residual convolutional"
    summary: ClassVar[str] = "Convolutions that add to what came in, so that many of them learn."

    channels: tuple[int, ...] = setting(
        (16, 32),
        title="Channels",
        unit="filters",
        ge=1,
        le=256,
        longest=DEEPEST,
        help="Filters at each size, first to last, at most four; each halves the image's sides.",
    )
    blocks: int = setting(
        1,
        title="Blocks",
        unit="per size",
        ge=0,
        le=8,
        help="Residual blocks after each halving, of two convolutions each.",
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

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        halvings = [layer for channels in self.channels for layer in self._halving(channels)]
        return (*halvings, Flatten(), Dense(self.dense_units), *self._after_product())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        halvings = [layer for channels in self.channels for layer in self._halving(channels)]
        halved = [one for one in place(halvings, image) if isinstance(one.layer, Convolution)]
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
                *self._blocks(one.shape[0]),
                TransposedConvolution(channels, HALVING, (height, width), stride=2, padding=1),
            ]
        return tuple(layers)

    def _halving(self, channels: int) -> tuple[Layer, ...]:
        halve = Convolution(channels, HALVING, stride=2, padding=1)
        return (halve, *self._after_product(), *self._blocks(channels))

    def _blocks(self, channels: int) -> tuple[Layer, ...]:
        keep = Convolution(channels, 3, padding=1)
        return self.blocks * (Residual((keep, *self._after_product(), keep)),)

    def _after_product(self) -> tuple[Layer, ...]:
        return after_product(self.activation, self.normalisation, self.dropout)
