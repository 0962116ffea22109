"""A residual network with batch normalisation (He et al. 2016)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.residual import Residual
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

KERNEL = 4


def block(channels: int) -> Residual:
    """Two convolutions (kernel 3), each with batch normalisation."""
    inner: list[Layer] = []
    for _ in range(2):
        inner += [Normalisation("batch"), Activation("silu"), Convolution(channels, 3, padding=1)]
    return Residual(tuple(inner))


class ResidualBatchNorm(Network):
    """Two strided convolutions with a residual block after each, and their mirror."""

    title: ClassVar[str] = "Residual, batch normalisation"
    summary: ClassVar[str] = "Each block adds to what it was given."

    width: int = setting(8, title="Width", unit="filters", ge=1, le=128, help="Filters of the first block.")

    def _halving(self) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for channels in (self.width, 2 * self.width):
            layers += [Convolution(channels, KERNEL, stride=2, padding=1), block(channels)]
        return tuple(layers)

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        return (*self._halving(), Normalisation("batch"), Activation("silu"), Flatten())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        halved = [one for one in place(self._halving(), image) if isinstance(one.layer, Convolution)]
        narrowest = halved[-1].shape
        layers: list[Layer] = [Dense(prod(narrowest)), Reshape(narrowest)]
        for one in reversed(halved):
            channels, height, width = one.inputs
            layers += [
                block(one.shape[0]),
                Normalisation("batch"),
                Activation("silu"),
                TransposedConvolution(channels, KERNEL, (height, width), stride=2, padding=1),
            ]
        return tuple(layers)
