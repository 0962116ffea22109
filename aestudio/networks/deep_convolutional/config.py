"""Convolutions alone, as in a DCGAN (Radford, Metz & Chintala 2016, arXiv:1511.06434)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.layers.activation import Activation
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten
from aestudio.networks.hidden_layers import channels_setting
from aestudio.networks.mirrored_convolutions import halving, mirror
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class DeepConvolutional(Network):
    """Strided convolutions (kernel 4, stride 2, padding 1) and their mirror, without a hidden dense layer.

    The encoder, the critic of a GAN, has leaky ReLU, so that it has a slope for every image; the decoder, its
    generator, has ReLU, and batch normalisation if it is wanted.
    """

    title: ClassVar[str] = "Convolutions alone (DCGAN)"
    summary: ClassVar[str] = "Convolutions down and up, without hidden dense layers."

    channels: tuple[int, ...] = channels_setting()

    # In a DCGAN it is "batch". Without it, 16 and 32 channels reach every class of MNIST in four minutes of
    # one core; with it, 75 seconds left classes out (docs/decisions.md).
    decoder_normalisation: Literal["none", "batch"] = setting(
        "none",
        title="Normalisation of the decoder",
        help="Batch: each channel over the images of the batch (Ioffe & Szegedy 2015), before ReLU.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (*self._convolutions(), Flatten())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        normalised = self.decoder_normalisation == "batch"
        before = (*((Normalisation("batch"),) if normalised else ()), Activation())
        return mirror(self._convolutions(), image, lambda _: before)

    def _convolutions(self) -> tuple[Layer, ...]:
        return tuple(
            layer for channels in self.channels for layer in (halving(channels), Activation("leaky_relu"))
        )
