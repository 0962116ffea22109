"""Convolutions alone, as in a DCGAN (Radford, Metz & Chintala 2016, arXiv:1511.06434)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

KERNEL = 4
DEEPEST = 4


class DeepConvolutional(Network):
    """Strided convolutions (kernel 4, stride 2, padding 1) and their mirror, without a hidden dense layer.

    The encoder, the critic of a GAN, has leaky ReLU, so that it has a slope for every image; the decoder, its
    generator, has ReLU, and batch normalisation if it is wanted.
    """

    title: ClassVar[str] = "Convolutions alone (DCGAN)"
    summary: ClassVar[str] = "Convolutions down and up, without hidden dense layers."

    channels: tuple[int, ...] = setting(
        (16, 32),
        title="Channels",
        unit="filters",
        ge=1,
        le=256,
        help="Filters of each convolution, first to last, at most four; each halves the image's sides.",
    )

    # In a DCGAN it is "batch". Without it, 16 and 32 channels reach every class of MNIST in four minutes of
    # one core; with it, 75 seconds left classes out (docs/decisions.md).
    decoder_normalisation: Literal["none", "batch"] = setting(
        "none",
        title="Normalisation of the decoder",
        help="Batch: each channel over the images of the batch (Ioffe & Szegedy 2015), before ReLU.",
    )

    @field_validator("channels")
    @classmethod
    def _at_most_four(cls, channels: tuple[int, ...]) -> tuple[int, ...]:
        if len(channels) > DEEPEST:
            allowed = "at most four whole numbers: after four convolutions little of an image is left"
            raise PydanticCustomError("sizes", "{allowed}", {"name": "channels", "allowed": allowed})
        return channels

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (*self._convolutions(), Flatten())

    def _convolutions(self) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for channels in self.channels:
            layers += [Convolution(channels, KERNEL, stride=2, padding=1), Activation("leaky_relu")]
        return tuple(layers)

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        # The mirror ends each convolution with the shape that its counterpart began with.
        halved = [one for one in place(self._convolutions(), image) if isinstance(one.layer, Convolution)]
        narrowest = halved[-1].shape if halved else image
        layers: list[Layer] = [Dense(prod(narrowest)), Reshape(narrowest)]
        for one in reversed(halved):
            channels, height, width = one.inputs
            if self.decoder_normalisation == "batch":
                layers.append(Normalisation("batch"))
            layers += [
                Activation(),
                TransposedConvolution(channels, KERNEL, (height, width), stride=2, padding=1),
            ]
        return tuple(layers)
