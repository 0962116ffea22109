"""The middle of maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.layers.convolution import maps
from aestudio.layers.layer import Layer, Shape, ShapeError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


@dataclass(frozen=True)
class Crop(Layer):
    """Maps (C, H, W) -> (C, *sides): as much is left out at both ends, or one row or column more at the end.

    Raises ShapeError for sides that are larger than those of the maps.
    """

    sides: tuple[int, int]

    def output_shape(self, inputs: Shape) -> Shape:
        channels, *sides = maps(inputs)
        if any(after > before for before, after in zip(sides, self.sides, strict=True)):
            raise ShapeError(f"maps of {tuple(sides)} have no middle of {self.sides}")
        return (channels, *self.sides)

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - checked already
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG002 - has no weights
        """Maps (B, C, H, W) -> (B, C, *sides)."""
        top, left = (
            (before - after) // 2 for before, after in zip(values.shape[2:], self.sides, strict=True)
        )
        return values[:, :, top : top + self.sides[0], left : left + self.sides[1]]
