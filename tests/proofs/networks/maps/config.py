"""A convolutional network whose features and codes are maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.layer import place
from aestudio.layers.transposed_convolution import TransposedConvolution
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape

KERNEL = 4


class Maps(Network):
    """Two strided convolutions; a code is a map of a quarter of the image's height and width."""

    title: ClassVar[str] = "Maps"
    summary: ClassVar[str] = "The code keeps the places of the image."
    spatial: ClassVar[bool] = True

    width: int = setting(16, title="Width", unit="filters", ge=1, le=256, help="Filters of each layer.")

    def _halving(self) -> tuple[Layer, ...]:
        halve = Convolution(self.width, KERNEL, stride=2, padding=1)
        return (halve, Activation(), halve, Activation())

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        return self._halving()

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        layers: list[Layer] = [Convolution(self.width, 3, padding=1)]
        halved = [one for one in place(self._halving(), image) if isinstance(one.layer, Convolution)]
        for one in reversed(halved):
            channels, height, width = one.inputs
            layers += [
                Activation(),
                TransposedConvolution(channels, KERNEL, (height, width), stride=2, padding=1),
            ]
        return tuple(layers)
