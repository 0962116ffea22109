"""A block of a transformer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.activation import Activation
from aestudio.layers.attention import Attention
from aestudio.layers.dense import Dense
from aestudio.layers.dropout import Dropout
from aestudio.layers.layer import Layer, LayerKind, Shape, output_shape, place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.residual import Residual

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class TransformerBlock(Layer):
    """x + attention(norm(x)), then x + dense(GELU(dense(norm(x)))): a sequence (T, F) -> (T, F).

    Normalised before (Xiong et al. 2020), as in the vision transformer (Dosovitskiy et al. 2021).

    heads: of the attention; they divide F. widening: hidden units of the dense layers for each of the F
    """

    kind: ClassVar[LayerKind] = "attention"
    heads: int = 4
    widening: int = 2
    dropout: float = 0.0

    @property
    def text(self) -> str:
        return f"transformer block, {self.heads} heads"

    def output_shape(self, inputs: Shape) -> Shape:
        # Attention first: it says what a sequence has to be.
        return output_shape(self.parts(Attention(self.heads).output_shape(inputs)), inputs)

    def parameter_count(self, inputs: Shape) -> int:
        return sum(one.parameters for one in place(self.parts(inputs), inputs))

    def training_bytes(self, inputs: Shape) -> int:
        return sum(one.layer.training_bytes(one.inputs) for one in place(self.parts(inputs), inputs))

    def build(self, inputs: Shape) -> nn.Module:
        from aestudio.layers.sequence import build_sequence

        return build_sequence(self.parts(inputs), inputs)

    def parts(self, inputs: Shape) -> tuple[Layer, ...]:
        """The layers that the block consists of, one after the other."""
        width = inputs[-1]
        drop = (Dropout(self.dropout),) if self.dropout > 0 else ()
        dense = (Dense(self.widening * width), Activation("gelu"), Dense(width))
        norm = Normalisation("layer")
        return (
            Residual((norm, Attention(self.heads), *drop)),
            Residual((norm, *dense, *drop)),
        )
