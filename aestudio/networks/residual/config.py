"""A residual convolutional network (He et al. 2016) down to a small map, one dense layer, and its mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten
from aestudio.layers.residual import Residual
from aestudio.networks.hidden_layers import (
    NormalisationChoice,
    activation_setting,
    after_product,
    channels_setting,
    dense_units_setting,
    dropout_setting,
    normalisation_setting,
)
from aestudio.networks.mirrored_convolutions import halving, mirror
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class ResidualConvolutional(Network):
    """Convolutions that halve the image's sides, each followed by blocks x + f(x) that keep them.

    In a block f is two convolutions (kernel 3). The derivative of x + f(x) is 1 and that of f, so that deep
    networks learn (He et al. 2016). The decoder mirrors all of it.
    """

    title: ClassVar[str] = "Residual convolutional"
    summary: ClassVar[str] = "Convolutions that add to what came in, so that many of them learn."

    channels: tuple[int, ...] = channels_setting()
    blocks: int = setting(
        1,
        title="Blocks",
        unit="per size",
        ge=0,
        le=8,
        help="Residual blocks after each halving, of two convolutions each.",
    )
    dense_units: int = dense_units_setting()
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (*self._convolutions(), Flatten(), Dense(self.dense_units), *self._after_product())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        back = mirror(
            self._convolutions(),
            image,
            lambda channels: (*self._after_product(), *self._blocks(channels)),
        )
        return (Dense(self.dense_units), *self._after_product(), *back)

    def _convolutions(self) -> tuple[Layer, ...]:
        return tuple(
            layer
            for channels in self.channels
            for layer in (halving(channels), *self._after_product(), *self._blocks(channels))
        )

    def _blocks(self, channels: int) -> tuple[Layer, ...]:
        keep = Convolution(channels, 3, padding=1)
        return self.blocks * (Residual((keep, *self._after_product(), keep)),)

    def _after_product(self) -> tuple[Layer, ...]:
        return after_product(self.activation, self.normalisation, self.dropout)
