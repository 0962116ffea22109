"""A fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.layer import Layer, LayerKind, Shape

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Dense(Layer):
    """Weights (units, inputs) and biases (units,); a sequence (T, F) is mapped row by row to (T, units)."""

    kind: ClassVar[LayerKind] = "dense"
    units: int

    @property
    def text(self) -> str:
        return "fully connected"

    def output_shape(self, inputs: Shape) -> Shape:
        return (*inputs[:-1], self.units)

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[-1] * self.units + self.units

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        return nn.Linear(inputs[-1], self.units)
