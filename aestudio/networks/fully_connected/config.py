"""Fully connected layers, mirrored: pixels - hidden - code - hidden reversed - pixels."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.layers.activation import ActivationName  # noqa: TC001 - pydantic reads it
from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.tied_dense import TiedDense
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
    from collections.abc import Callable, Iterable

    from aestudio.layers.layer import Layer, Shape

DEEPEST = 32  # layers of the encoder; without skip connections, far fewer already fail to learn


class FullyConnected(Network):
    """Every pixel is connected with every unit; an activation between layers, none on code and output."""

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
    activation: ActivationName = activation_setting()
    normalisation: NormalisationChoice = normalisation_setting()
    dropout: float = dropout_setting()
    decoder_weights: Literal["own", "tied"] = setting(
        "own",
        title="Decoder weights",
        help="Tied: the decoder's matrices are those of the encoder, transposed, so there are half as many "
        "weights. For objectives whose code is made by one matrix.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (Flatten(), *self._hidden_layers(self.hidden, Dense))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        product = TiedDense if self.decoder_weights == "tied" else Dense
        return (*self._hidden_layers(reversed(self.hidden), product), product(prod(image)), Reshape(image))

    def _hidden_layers(self, sizes: Iterable[int], product: Callable[[int], Layer]) -> list[Layer]:
        after = after_product(self.activation, self.normalisation, self.dropout)
        return [layer for size in sizes for layer in (product(size), *after)]
