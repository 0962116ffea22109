"""A recurrent network, GRU or LSTM: the image as a sequence of its rows, encoded and decoded row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.layers.dense import Dense
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import ImageToRows, Repeat, RowsToImage
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


class RowGru(Network):
    """One recurrent layer reads the rows from top to bottom; a second one writes them from the code.

    Cells: GRU (Cho et al. 2014) or LSTM (Hochreiter & Schmidhuber 1997).
    """

    title: ClassVar[str] = "Row by row (GRU, LSTM)"
    summary: ClassVar[str] = "Reads the image row by row, from top to bottom."

    units: int = setting(
        128,
        title="Hidden units",
        unit="units",
        ge=1,
        le=1024,
        help="Size of the hidden state of both recurrent layers.",
    )
    cell: Literal["gru", "lstm"] = setting(
        "gru",
        title="Cell",
        help="GRU: three products a row. LSTM: four, and a memory beside the hidden state.",
    )

    def encoder(self, inputs: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - the same layers for any image
        return (ImageToRows(), Recurrent(self.units, self.cell, "last", name=self.cell))

    def decoder(self, inputs: Shape, image: Shape) -> tuple[Layer, ...]:  # noqa: ARG002 - any code
        channels, height, width = image
        return (
            Repeat(height),
            Recurrent(self.units, self.cell, name=self.cell),
            Dense(channels * width, name="row"),
            RowsToImage(channels),
        )
