"""What every kind of layer declares, and lists of layers put to work.

A network is a list of layers. Diagram, number of parameters, estimate of memory and torch module all follow
from this list, so none of them can disagree with another. Torch is imported only to build the module.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

Shape = tuple[int, ...]
"""The shape of one example, without the batch axis: (F,) features, (T, F) a sequence, (C, H, W) maps."""

SEQUENCE_AXES = 2
"""Axes of the shape of a sequence, (T, F)."""

LayerKind = Literal["image", "dense", "convolution", "recurrent", "attention", "code", "classes"]

BYTES_PER_NUMBER = 10
"""Training memory of one number of a layer: itself, what its gradient needs, the gradient (measured)."""


class ShapeError(ValueError):
    """A layer cannot take inputs of this shape; the text is a sentence for people without a full stop."""


@dataclass(frozen=True)
class Layer(ABC):
    """One layer.

    kind: how the diagram draws it; "" for a layer that is not drawn
    name: its name among the module's parts, "" for its position in the list
    """

    kind: ClassVar[LayerKind | Literal[""]] = ""
    name: str = field(default="", kw_only=True)

    @property
    def text(self) -> str:
        """What it is in a few words; "" for a layer that only changes the shape."""
        return self.kind

    @abstractmethod
    def output_shape(self, inputs: Shape) -> Shape:
        """The shape of an example after the layer; raises ShapeError if the inputs do not fit."""

    def parameter_count(self, inputs: Shape) -> int:  # noqa: ARG002 - most layers without weights need no inputs
        """Trainable numbers of the layer."""
        return 0

    def training_bytes(self, inputs: Shape) -> int:
        """Bytes that training takes for each example of a batch."""
        return BYTES_PER_NUMBER * prod(self.output_shape(inputs)) if self.kind else 0

    @abstractmethod
    def build(self, inputs: Shape) -> nn.Module:
        """The torch module: a batch (B, *inputs) -> (B, *output_shape). Needs torch."""


@dataclass(frozen=True)
class PlacedLayer:
    """A layer at its place in a network. inputs, shape: of one example before and after it."""

    layer: Layer
    inputs: Shape
    shape: Shape

    @property
    def parameters(self) -> int:
        """Trainable numbers of the layer."""
        return self.layer.parameter_count(self.inputs)


@dataclass(frozen=True)
class DrawnLayer:
    """A layer of the diagram: shape without the batch axis, (256,) or (16, 14, 14), and its parameters."""

    kind: LayerKind
    shape: Shape
    parameters: int = 0

    @property
    def size(self) -> int:
        """Numbers per image at this layer."""
        return prod(self.shape)


def place(layers: Sequence[Layer], inputs: Shape) -> tuple[PlacedLayer, ...]:
    """The layers one after the other, with the shapes between them.

    Raises ShapeError if they do not fit together, ValueError for two layers of one name: each needs a place
    of its own among the module's parts.
    """
    names = [layer.name or str(index) for index, layer in enumerate(layers)]
    twice = [name for index, name in enumerate(names) if name in names[:index]]
    if twice:
        raise ValueError(f"two layers of one list are called {twice[0]!r}")
    placed: list[PlacedLayer] = []
    for layer in layers:
        shape = layer.output_shape(inputs)
        placed.append(PlacedLayer(layer, inputs, shape))
        inputs = shape
    return tuple(placed)


def output_shape(layers: Sequence[Layer], inputs: Shape) -> Shape:
    """The shape of an example after all the layers: that of the inputs if there are none."""
    placed = place(layers, inputs)
    return placed[-1].shape if placed else inputs


def drawn(placed: Sequence[PlacedLayer]) -> tuple[DrawnLayer, ...]:
    """The layers that the diagram shows; parameters of others count with the layer before them."""
    shown: list[DrawnLayer] = []
    waiting = 0
    for one in placed:
        if one.layer.kind:
            shown.append(DrawnLayer(one.layer.kind, one.shape, one.parameters + waiting))
            waiting = 0
        elif shown:
            last = shown[-1]
            shown[-1] = DrawnLayer(last.kind, last.shape, last.parameters + one.parameters)
        else:
            waiting += one.parameters
    return tuple(shown)
