"""One hidden layer each way: the smallest network that one can write."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class TwoLayers(Network):
    """Fully connected layers with ReLU between them."""

    title: ClassVar[str] = "Two layers"
    summary: ClassVar[str] = "One hidden layer each way."

    units: int = setting(
        64, title="Hidden units", unit="units", ge=1, le=4096, help="Size of the hidden layer."
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        return (Flatten(), Dense(self.units), Activation())

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        return (Dense(self.units), Activation(), Dense(prod(image)), Reshape(image))
