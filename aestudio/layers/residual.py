"""A residual block."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.convolution import MAP_AXES, Convolution
from aestudio.layers.crop import Crop
from aestudio.layers.dense import Dense
from aestudio.layers.layer import Layer, LayerKind, Shape, ShapeError, output_shape, place

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


@dataclass(frozen=True)
class Residual(Layer):
    """The inputs plus what the inner layers make of them (He et al. 2016).

    Where the inner layers change the shape, the inputs go through a projection: a convolution with kernel 1,
    or a dense layer. If the inner layers leave out the margin, as an even kernel does on an odd side
    (33 -> 16), and any without padding, it is a projection of the middle of the inputs. Raises ShapeError if
    no projection gives that shape.
    """

    kind: ClassVar[LayerKind] = "convolution"
    layers: tuple[Layer, ...]

    @property
    def text(self) -> str:
        return "residual block (" + ", ".join(layer.text for layer in self.layers if layer.text) + ")"

    def output_shape(self, inputs: Shape) -> Shape:
        shape = output_shape(self.layers, inputs)
        projection = self.projection(inputs, shape)
        if output_shape(projection, inputs) != shape:
            raise ShapeError(f"a residual block cannot add {inputs} to {shape}")
        return shape

    def parameter_count(self, inputs: Shape) -> int:
        shape = output_shape(self.layers, inputs)
        both = (*place(self.layers, inputs), *place(self.projection(inputs, shape), inputs))
        return sum(one.parameters for one in both)

    def training_bytes(self, inputs: Shape) -> int:
        inner = sum(one.layer.training_bytes(one.inputs) for one in place(self.layers, inputs))
        # The sum is kept for the layer after it (4 bytes a number); its gradient is that of the inner layers.
        return inner + 4 * prod(self.output_shape(inputs))

    def build(self, inputs: Shape) -> nn.Module:
        from aestudio.layers.sequence import FunctionModule, build_sequence

        projection = self.projection(inputs, self.output_shape(inputs))
        return FunctionModule(
            self.forward,
            inner=build_sequence(self.layers, inputs),
            projection=build_sequence(projection, inputs),
        )

    @staticmethod
    def forward(module: FunctionModule, values: Tensor) -> Tensor:
        """Values (B, ...) -> (B, ...), each in the shape of the layer."""
        return module.part("projection")(values) + module.part("inner")(values)

    def projection(self, inputs: Shape, shape: Shape) -> tuple[Layer, ...]:
        """What the inputs go through beside the inner layers; () if they stay as they are."""
        if inputs == shape:
            return ()
        if len(shape) == len(inputs) == MAP_AXES:
            return _of_maps(inputs, shape)
        return (Dense(shape[-1]),)


def _of_maps(inputs: Shape, shape: Shape) -> tuple[Layer, ...]:
    """A convolution with kernel 1 that gives maps of this shape, of the middle of the inputs if need be."""
    whole = Convolution(shape[0], 1, -(-inputs[1] // shape[1]))
    if whole.output_shape(inputs) == shape:
        return (whole,)
    strides = [
        (before - 1) // (after - 1) for before, after in zip(inputs[1:], shape[1:], strict=True) if after > 1
    ]
    stride = min(strides, default=1)
    if stride < 1:  # the inner layers enlarge the maps
        return (whole,)
    height, width = (stride * (after - 1) + 1 for after in shape[1:])
    return (Crop((height, width)), Convolution(shape[0], 1, stride))
