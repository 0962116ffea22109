"""Fully connected layers, mirrored: pixels - hidden - code - hidden reversed - pixels."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.layers.layer import Layer, Shape

DEEPEST = 32  # layers of the encoder; without skip connections, far fewer already fail to learn


class FullyConnected(Network):
    """Every pixel is connected with every unit; ReLU between layers, none on code and output."""

    title: ClassVar[str] = "Fully connected"
    summary: ClassVar[str] = "Every pixel is connected with every unit."

    hidden: tuple[int, ...] = setting(
        (256,),
        title="Hidden layers",
        unit="units",
        ge=1,
        le=4096,
        longest=DEEPEST,
        help="Sizes of the encoder's layers, first to last; the decoder mirrors them. Empty: none.",
    )
    dropout: float = setting(
        0.0,
        title="Dropout",
        unit="share of units",
        ge=0.0,
        le=0.9,
        help="Share of each hidden layer's units that are set to 0 at random in each training step.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (Flatten(), *self._hidden_layers(self.hidden))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        return (*self._hidden_layers(reversed(self.hidden)), Dense(prod(image)), Reshape(image))

    def _hidden_layers(self, sizes: Iterable[int]) -> list[Layer]:
        layers: list[Layer] = []
        for size in sizes:
            layers += [Dense(size), Activation()]
            if self.dropout > 0:
                layers.append(Dropout(self.dropout))
        return layers
