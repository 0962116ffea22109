"""Strided convolutions down to a small map, one dense layer, and the mirror of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten
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

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class Convolutional(Network):
    """Each convolution (kernel 4, stride 2, padding 1) halves the image; a dense layer comes last."""

    title: ClassVar[str] = "Convolutional"
    summary: ClassVar[str] = "Small filters slide over the image."

    channels: tuple[int, ...] = channels_setting()
    dense_units: int = dense_units_setting()
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (*self._convolutions(), Flatten(), Dense(self.dense_units), *self._after_product())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        back = mirror(self._convolutions(), image, lambda _: self._after_product())
        return (Dense(self.dense_units), *self._after_product(), *back)

    def _convolutions(self) -> tuple[Layer, ...]:
        return tuple(
            layer for channels in self.channels for layer in (halving(channels), *self._after_product())
        )

    def _after_product(self) -> tuple[Layer, ...]:
        return after_product(self.activation, self.normalisation, self.dropout)
