"""An architecture as a sequence of layers, each with its shape and its number of parameters.

Configs describe themselves this way, so that the gallery can draw a recipe and count its
parameters before torch is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

LayerKind = Literal["image", "dense", "convolution", "recurrent", "code", "classes"]


@dataclass(frozen=True)
class Layer:
    """One layer of the diagram: shape without the batch axis, (784,) or (16, 14, 14)."""

    kind: LayerKind
    shape: tuple[int, ...]
    parameters: int = 0

    @property
    def size(self) -> int:
        """Numbers per image at this layer."""
        return prod(self.shape)


def dense(inputs: int, outputs: int) -> Layer:
    """A fully connected layer: weights (outputs, inputs) and biases (outputs,)."""
    return Layer("dense", (outputs,), inputs * outputs + outputs)


def convolution(inputs: int, outputs: int, kernel: int, side: int) -> Layer:
    """A (transposed) convolution ending at outputs x side x side."""
    return Layer("convolution", (outputs, side, side), inputs * outputs * kernel * kernel + outputs)


def recurrent(inputs: int, hidden: int, steps: int) -> Layer:
    """A GRU over `steps` rows: three gates, input and hidden weights, two bias vectors (torch.nn.GRU)."""
    return Layer("recurrent", (steps, hidden), 3 * hidden * (inputs + hidden + 2))


IMAGE = Layer("image", (1, 28, 28))
