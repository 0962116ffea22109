"""Convolutions to maps and back, without dense layers: the code keeps the places of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.convolution import Convolution
from aestudio.layers.residual import Residual
from aestudio.networks.hidden_layers import (
    NormalisationChoice,
    activation_setting,
    after_product,
    channels_setting,
    dropout_setting,
    normalisation_setting,
)
from aestudio.networks.mirrored_convolutions import back, halving
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class ConvolutionalMaps(Network):
    """Convolutions that halve the image's sides, residual blocks on the smallest maps, and their mirror.

    The encoder of a VQ-VAE (van den Oord et al. 2017, section 4.1: strided convolutions, residual blocks).
    """

    title: ClassVar[str] = "Convolutions to maps"
    summary: ClassVar[str] = "Each place of the code belongs to a place of the image."
    spatial: ClassVar[bool] = True

    channels: tuple[int, ...] = channels_setting()
    blocks: int = setting(
        1,
        title="Blocks",
        unit="on the smallest maps",
        ge=0,
        le=8,
        help="Residual blocks x + f(x) of two convolutions each, at the end of the encoder and the beginning "
        "of the decoder.",
    )
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        width = self._width(inputs)
        return (*self._convolutions(), *self._blocks(width))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        width = self._width(image)
        first = Convolution(width, 3, padding=1)
        up = back(self._convolutions(), image, lambda _: self._after_product())
        if up:
            return (first, *self._blocks(width), *up)
        return (first, *self._after_product(), *self._blocks(width), Convolution(image[0], 3, padding=1))

    def _width(self, inputs: Shape) -> int:
        """Channels of the smallest maps."""
        return self.channels[-1] if self.channels else inputs[0]

    def _convolutions(self) -> tuple[Layer, ...]:
        return tuple(
            layer for channels in self.channels for layer in (halving(channels), *self._after_product())
        )

    def _blocks(self, width: int) -> tuple[Layer, ...]:
        keep = Convolution(width, 3, padding=1)
        return self.blocks * (Residual((keep, *self._after_product(), keep)),)

    def _after_product(self) -> tuple[Layer, ...]:
        return after_product(self.activation, self.normalisation, self.dropout)
