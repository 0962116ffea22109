"""A transposed convolution: the mirror of a convolution with a stride."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.convolution import maps
from aestudio.layers.layer import Layer, LayerKind, Shape, ShapeError

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class TransposedConvolution(Layer):
    """Kernels (C, channels, kernel, kernel) and biases (channels,): maps (C, H, W) -> (channels, *sides).

    sides: height and width of the result. A stride leaves some of them open (7 comes from 14 and from 15);
           what the mirrored convolution started from is given here. Raises ShapeError if it is impossible.
    """

    kind: ClassVar[LayerKind] = "convolution"
    channels: int
    kernel: int
    sides: tuple[int, int]
    stride: int = 1
    padding: int = 0

    @property
    def text(self) -> str:
        return f"transposed convolution {self.kernel} × {self.kernel}, stride {self.stride}"

    def output_shape(self, inputs: Shape) -> Shape:
        if not all(0 <= rest < max(self.stride, 1) for rest in self._rest(inputs)):
            raise ShapeError(f"a transposed convolution cannot make {self.sides} of {inputs[1:]}")
        return (self.channels, *self.sides)

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[0] * self.channels * self.kernel**2 + self.channels

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        return nn.ConvTranspose2d(
            inputs[0],
            self.channels,
            self.kernel,
            self.stride,
            self.padding,
            output_padding=self._rest(inputs),
        )

    def _rest(self, inputs: Shape) -> tuple[int, int]:
        """Rows and columns that are added at the end (torch's `output_padding`)."""
        height, width = (
            after - ((before - 1) * self.stride - 2 * self.padding + self.kernel)
            for before, after in zip(maps(inputs)[1:], self.sides, strict=True)
        )
        return height, width
