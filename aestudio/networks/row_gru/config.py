"""A GRU network: the image as a sequence of its rows, encoded and decoded row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.dense import Dense
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import ImageToRows, Repeat, RowsToImage
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class RowGru(Network):
    """A GRU (Cho et al. 2014) reads the rows from top to bottom; a second one writes them from the code."""

    title: ClassVar[str] = "Row by row (GRU)"
    summary: ClassVar[str] = "Reads the image row by row, from top to bottom."

    units: int = setting(
        128,
        title="Hidden units",
        unit="units",
        ge=1,
        le=1024,
        help="Size of the hidden state of both GRUs.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (ImageToRows(), Recurrent(self.units, result="last", name="gru"))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        channels, height, width = image
        return (
            Repeat(height),
            Recurrent(self.units, name="gru"),
            Dense(channels * width, name="row"),
            RowsToImage(channels),
        )
