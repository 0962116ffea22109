"""A convolution over maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.image_shape import size_text
from aestudio.layers.layer import Layer, LayerKind, Shape, ShapeError

if TYPE_CHECKING:
    from torch import nn

MAP_AXES = 3


@dataclass(frozen=True)
class Convolution(Layer):
    """Kernels (channels, C, kernel, kernel) and biases (channels,): maps (C, H, W) -> (channels, H', W')."""

    kind: ClassVar[LayerKind] = "convolution"
    channels: int
    kernel: int
    stride: int = 1
    padding: int = 0

    @property
    def text(self) -> str:
        return f"convolution {self.kernel} × {self.kernel}" + (
            f", stride {self.stride}" if self.stride > 1 else ""
        )

    def output_shape(self, inputs: Shape) -> Shape:
        height, width = maps(inputs)[1:]
        sides = [
            (side + 2 * self.padding - self.kernel) // self.stride + 1
            for side in (height, width)
            if side + 2 * self.padding >= self.kernel
        ]
        if len(sides) < MAP_AXES - 1:
            raise ShapeError(
                f"a convolution of {self.kernel} pixels does not fit into {size_text(height, width)}"
            )
        return (self.channels, *sides)

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[0] * self.channels * self.kernel**2 + self.channels

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        return nn.Conv2d(inputs[0], self.channels, self.kernel, self.stride, self.padding)


def maps(inputs: Shape) -> Shape:
    """The inputs, which must be maps (C, H, W); raises ShapeError."""
    if len(inputs) != MAP_AXES:
        raise ShapeError(f"this layer takes maps (channels, height, width), not {inputs}")
    return inputs
