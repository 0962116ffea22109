"""Fully connected layers, mirrored: 784 - hidden - code - hidden reversed - 784."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from aestudio.recipes.layer import Layer, dense
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

PIXELS = 28 * 28
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

    def encoder_layers(self) -> tuple[Layer, ...]:
        return tuple(dense(inputs, outputs) for inputs, outputs in pairwise((PIXELS, *self.hidden)))

    def decoder_layers(self) -> tuple[Layer, ...]:
        sizes = (self.latent_size, *reversed(self.hidden), PIXELS)
        return tuple(dense(inputs, outputs) for inputs, outputs in pairwise(sizes))
