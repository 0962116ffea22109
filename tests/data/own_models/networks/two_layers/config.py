"""Two fully connected layers each way: the smallest network that one can write."""

from __future__ import annotations

from typing import ClassVar

from aestudio.recipes.layer import Layer, dense
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

PIXELS = 28 * 28


class TwoLayers(Network):
    title: ClassVar[str] = "Two layers"
    summary: ClassVar[str] = "One hidden layer each way."

    units: int = setting(
        64, title="Hidden units", unit="units", ge=1, le=4096, help="Size of the hidden layer."
    )

    def encoder_layers(self) -> tuple[Layer, ...]:
        return (dense(PIXELS, self.units),)

    def decoder_layers(self) -> tuple[Layer, ...]:
        return (dense(self.latent_size, self.units), dense(self.units, PIXELS))
