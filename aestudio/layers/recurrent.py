"""A recurrent layer: it reads a sequence row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from aestudio.layers.layer import SEQUENCE_AXES, Layer, LayerKind, Shape, ShapeError

if TYPE_CHECKING:
    from torch import nn

# The gates of every row are kept for the gradient: bytes for each number of the hidden states (measured).
_BYTES = {"gru": 44, "lstm": 52}
_GATES = {"gru": 3, "lstm": 4}


@dataclass(frozen=True)
class Recurrent(Layer):
    """A GRU (Cho et al. 2014) or LSTM (Hochreiter & Schmidhuber 1997): (T, F) -> (T, units).

    result: the hidden states of all rows (T, units), or of the last one only (units,)
    """

    kind: ClassVar[LayerKind] = "recurrent"
    units: int
    cell: Literal["gru", "lstm"] = "gru"
    result: Literal["all", "last"] = "all"

    @property
    def text(self) -> str:
        return f"{self.cell.upper()}, row by row"

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != SEQUENCE_AXES:
            raise ShapeError(f"a recurrent layer takes a sequence (rows, numbers), not {inputs}")
        return (self.units,) if self.result == "last" else (inputs[0], self.units)

    def parameter_count(self, inputs: Shape) -> int:
        # Input and hidden weights and two bias vectors, as in torch.
        return _GATES[self.cell] * self.units * (inputs[1] + self.units + 2)

    def training_bytes(self, inputs: Shape) -> int:
        return _BYTES[self.cell] * inputs[0] * self.units

    def build(self, inputs: Shape) -> nn.Module:
        return cast("Any", _module_class(self.cell, self.result))(inputs[1], self.units, batch_first=True)


@cache
def _module_class(cell: str, result: str) -> type[nn.RNNBase]:
    """Torch's class, whose forward pass gives a tensor only."""
    from torch import Tensor, nn

    base = cast("Any", nn.LSTM if cell == "lstm" else nn.GRU)

    class Tensors(base):
        def forward(self, values: Tensor) -> Tensor:
            states, last = cast("tuple[Tensor, Any]", base.forward(self, values))
            if result == "all":
                return states
            hidden: Tensor = last[0] if cell == "lstm" else last
            return hidden[0]  # (1, B, units) -> (B, units)

    return cast("type[nn.RNNBase]", Tensors)
