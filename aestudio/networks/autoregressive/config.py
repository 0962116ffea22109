"""Masked layers: each number of the image is predicted from those before it (Germain et al. 2015, MADE)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.masked_dense import MaskedDense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class Autoregressive(Network):
    """The numbers of the image in the order of its rows, channel by channel, and masked layers above them."""

    title: ClassVar[str] = "Masked, pixel by pixel"
    summary: ClassVar[str] = "Predicts each pixel from those before it."
    autoregressive: ClassVar[bool] = True

    hidden: tuple[int, ...] = setting(
        (500, 500),
        title="Hidden layers",
        unit="units",
        ge=1,
        le=4096,
        longest=8,
        help="Sizes of the masked hidden layers, first to last. Empty: one masked matrix.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the code is the image
        return (Flatten(),)

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the image's numbers
        numbers = prod(image)
        hidden = [
            layer
            for index, units in enumerate(self.hidden)
            for layer in (MaskedDense(units, numbers, first=index == 0), Activation())
        ]
        last = MaskedDense(numbers, numbers, first=not self.hidden, last=True)
        return (*hidden, last, Reshape(image))
