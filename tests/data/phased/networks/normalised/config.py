"""A small convolutional network with batch normalisation and dropout."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.recipes.network import Network

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class Normalised(Network):
    """A convolution, batch normalisation, dropout; dense layers back."""

    title: ClassVar[str] = "Normalised"
    summary: ClassVar[str] = "A small network with batch normalisation and dropout."

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:
        convolution = Convolution(4, 4, stride=2, padding=1)
        return (convolution, Normalisation(), Activation(), Flatten(), Dropout(0.2))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:
        return (Dense(12), Normalisation(), Activation("prelu"), Dense(prod(image)), Reshape(image))
