"""An activation function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aestudio.layers.layer import Layer, Shape

if TYPE_CHECKING:
    from torch import nn

ActivationName = Literal["relu", "leaky_relu", "prelu", "silu", "gelu", "elu", "tanh", "sigmoid"]
_TITLES: dict[ActivationName, str] = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "prelu": "PReLU",
    "silu": "SiLU",
    "gelu": "GELU",
    "elu": "ELU",
}


@dataclass(frozen=True)
class Activation(Layer):
    """A function of each number; PReLU (He et al. 2015) has one trainable slope for each channel."""

    function: ActivationName = "relu"

    @property
    def text(self) -> str:
        return _TITLES.get(self.function, self.function)

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[0] if self.function == "prelu" else 0

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        match self.function:
            case "relu":
                return nn.ReLU(inplace=True)
            case "leaky_relu":
                return nn.LeakyReLU(0.2, inplace=True)
            case "prelu":
                return nn.PReLU(inputs[0])
            case "silu":
                return nn.SiLU()
            case "gelu":
                return nn.GELU()
            case "elu":
                return nn.ELU()
            case "tanh":
                return nn.Tanh()
            case "sigmoid":
                return nn.Sigmoid()
