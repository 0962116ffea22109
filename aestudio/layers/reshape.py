"""Layers that only change the shape of their inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, cast

from aestudio.layers.convolution import maps
from aestudio.layers.layer import SEQUENCE_AXES, Layer, Shape, ShapeError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


@dataclass(frozen=True)
class Flatten(Layer):
    """Any shape -> (F,)."""

    def output_shape(self, inputs: Shape) -> Shape:
        return (prod(inputs),)

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from torch import nn

        return nn.Flatten()


@dataclass(frozen=True)
class Reshape(Layer):
    """(F,) -> a shape of as many numbers; raises ShapeError for other inputs, which `Flatten` makes flat."""

    shape: Shape

    def output_shape(self, inputs: Shape) -> Shape:
        if inputs != (prod(self.shape),):
            raise ShapeError(f"{inputs} cannot become {self.shape}")
        return self.shape

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - checked already
        from torch import nn

        return nn.Unflatten(1, self.shape)


@dataclass(frozen=True)
class ImageToRows(Layer):
    """An image (C, H, W) -> the sequence of its rows (H, C * W)."""

    def output_shape(self, inputs: Shape) -> Shape:
        channels, height, width = maps(inputs)
        return height, channels * width

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    @staticmethod
    def forward(module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG004 - it has no parts
        """Images (B, C, H, W) -> rows (B, H, C * W)."""
        return values.squeeze(1) if values.shape[1] == 1 else values.transpose(1, 2).flatten(2)


@dataclass(frozen=True)
class RowsToImage(Layer):
    """The sequence of an image's rows (H, C * W) -> the image (C, H, W)."""

    channels: int = 1

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != SEQUENCE_AXES:
            raise ShapeError(f"this layer takes a sequence of rows (height, numbers), not {inputs}")
        height, numbers = inputs
        if numbers % self.channels:
            raise ShapeError(f"rows of {numbers} numbers are not of {self.channels} channels")
        return self.channels, height, numbers // self.channels

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG002 - it has no parts
        """Rows (B, H, C * W) -> images (B, C, H, W)."""
        if self.channels == 1:
            return values.unsqueeze(1)
        return cast("Tensor", values.unflatten(2, (self.channels, -1))).transpose(1, 2)


@dataclass(frozen=True)
class Repeat(Layer):
    """(F,) -> a sequence (count, F) of equal rows."""

    count: int

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != 1:
            raise ShapeError(f"this layer repeats a row of numbers, not {inputs}")
        return self.count, inputs[0]

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:  # noqa: ARG002 - it has no parts
        """Values (B, F) -> (B, count, F)."""
        return values.unsqueeze(1).expand(-1, self.count, -1)
