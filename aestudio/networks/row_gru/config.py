"""A GRU network: the image as a sequence of 28 rows, encoded and decoded row by row."""

from __future__ import annotations

from typing import ClassVar

from aestudio.recipes.layer import Layer, recurrent
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

ROWS = 28


class RowGru(Network):
    """A GRU reads the rows from top to bottom; a second one writes them from the code."""

    title: ClassVar[str] = "Row by row (GRU)"
    summary: ClassVar[str] = "Reads the image as 28 rows, one after the other."

    units: int = setting(
        128,
        title="Hidden units",
        unit="units",
        ge=1,
        le=1024,
        help="Size of the hidden state of both GRUs.",
    )

    def encoder_layers(self) -> tuple[Layer, ...]:
        # Only the hidden state after the last row is used: a second layer without parameters.
        return (recurrent(ROWS, self.units, ROWS), Layer("recurrent", (self.units,)))

    def decoder_layers(self) -> tuple[Layer, ...]:
        writer = recurrent(self.latent_size, self.units, ROWS)
        return (writer, Layer("dense", (ROWS * ROWS,), self.units * ROWS + ROWS))
