"""An image as the sequence of its patches, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aestudio.layers.convolution import maps
from aestudio.layers.layer import SEQUENCE_AXES, Layer, Shape, ShapeError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


def grid(image: Shape, side: int) -> tuple[int, int]:
    """Rows and columns of patches of an image (C, H, W); the last ones may reach beyond its edge."""
    _, height, width = image
    return -(-height // side), -(-width // side)


@dataclass(frozen=True)
class ImageToPatches(Layer):
    """An image (C, H, W) -> its patches of side * side pixels, row by row: (T, C * side^2).

    What reaches beyond the lower and the right edge is 0.
    """

    side: int

    def output_shape(self, inputs: Shape) -> Shape:
        image = maps(inputs)
        rows, columns = grid(image, self.side)
        return rows * columns, image[0] * self.side**2

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG002 - it has no parts
        """Images (B, C, H, W) -> patches (B, T, C * side^2)."""
        from torch.nn import functional

        height, width = values.shape[2:]
        rows, columns = grid(tuple(values.shape[1:]), self.side)
        padded = functional.pad(values, (0, columns * self.side - width, 0, rows * self.side - height))
        return functional.unfold(padded, self.side, stride=self.side).transpose(1, 2)


@dataclass(frozen=True)
class PatchesToImage(Layer):
    """The patches of an image (T, C * side^2) -> the image (C, H, W), without what lies beyond its edge."""

    image: Shape
    side: int

    def output_shape(self, inputs: Shape) -> Shape:
        rows, columns = grid(self.image, self.side)
        if inputs != (rows * columns, self.image[0] * self.side**2):
            raise ShapeError(f"{inputs} are not the patches of an image {self.image}")
        return self.image

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - checked already
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG002 - it has no parts
        """Patches (B, T, C * side^2) -> images (B, C, H, W)."""
        from torch.nn import functional

        rows, columns = grid(self.image, self.side)
        whole = functional.fold(
            values.transpose(1, 2), (rows * self.side, columns * self.side), self.side, stride=self.side
        )
        return whole[:, :, : self.image[1], : self.image[2]]


@dataclass(frozen=True)
class Positions(Layer):
    """Adds learned numbers to each row of a sequence (T, F): attention does not know where a row is."""

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != SEQUENCE_AXES:
            raise ShapeError(f"positions are added to a sequence of rows, not to {inputs}")
        return inputs

    @property
    def text(self) -> str:
        return "positions"

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[0] * inputs[1]

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        from aestudio.layers.sequence import FunctionModule

        table = nn.Embedding(inputs[0], inputs[1])
        nn.init.normal_(table.weight, 0.0, 0.02)
        return FunctionModule(self.forward, table=table)

    @staticmethod
    def forward(module: FunctionModule, values: Tensor) -> Tensor:
        """Values (B, T, F) -> (B, T, F)."""
        return values + cast("Tensor", module.part("table").weight)
