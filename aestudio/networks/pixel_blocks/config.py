"""Blocks of pixels: one matrix for all of them, residual convolutions over what it gives, and the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.convolution import Convolution
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


class PixelBlocks(Network):
    """A matrix turns each block of pixels into as many maps; residual blocks add what they see around it.

    No activation lies between pixels and code besides those inside of x + f(x), so that a fine code keeps an
    image as a transform of its blocks does, as exactly as it is rounded (as in JPEG, with learned matrices).
    """

    title: ClassVar[str] = "Blocks of pixels"
    summary: ClassVar[str] = "Each place of the code is a block of the image, and what lies around it."
    spatial: ClassVar[bool] = True

    block_side: int = setting(
        4,
        title="Block",
        unit="pixels wide",
        ge=2,
        le=8,
        help="Side of a block of pixels. Pixels beyond the last whole block are not encoded.",
    )
    width: int = setting(
        48,
        title="Channels",
        unit="maps",
        ge=1,
        le=256,
        help="Maps that each block is turned into: as many as it has pixels, or more, keep all of it.",
    )
    blocks: int = setting(
        1,
        title="Residual blocks",
        unit="in each half",
        ge=0,
        le=8,
        help="Residual blocks x + f(x) of two convolutions each, in the encoder and in the decoder.",
    )
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (Convolution(self.width, self.block_side, stride=self.block_side), *self._blocks())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        channels, height, width = image
        side = self.block_side
        pixels = TransposedConvolution(channels, side, (height, width), stride=side)
        return (Convolution(self.width, 3, padding=1), *self._blocks(), pixels)

    def _blocks(self) -> tuple[Layer, ...]:
        keep = Convolution(self.width, 3, padding=1)
        between = after_product(self.activation, self.normalisation, self.dropout)
        return self.blocks * (Residual((keep, *between, keep)),)
