"""Self-attention over a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.layers.layer import SEQUENCE_AXES, Layer, LayerKind, Shape, ShapeError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


@dataclass(frozen=True)
class Attention(Layer):
    """Multi-head self-attention (Vaswani et al. 2017): a sequence (T, F) -> (T, F); heads divide F."""

    kind: ClassVar[LayerKind] = "attention"
    heads: int = 4

    @property
    def text(self) -> str:
        return f"self-attention, {self.heads} heads"

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != SEQUENCE_AXES or inputs[1] % self.heads:
            raise ShapeError(f"attention with {self.heads} heads cannot take {inputs}")
        return inputs

    def parameter_count(self, inputs: Shape) -> int:
        return 4 * (inputs[1] ** 2 + inputs[1])

    def training_bytes(self, inputs: Shape) -> int:
        # Queries, keys, values and results, and the weights of every pair of rows.
        return 5 * super().training_bytes(inputs) + 8 * self.heads * inputs[0] ** 2

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(
            self.forward, attention=nn.MultiheadAttention(inputs[1], self.heads, batch_first=True)
        )

    @staticmethod
    def forward(module: FunctionModule, values: Tensor) -> Tensor:
        """Values (B, T, F) -> (B, T, F)."""
        # With the weights asked for: torch's faster kernels without them have no second derivative, which the
        # gradient penalty of a critic and the Jacobian of a contractive autoencoder need.
        attended, _ = module.part("attention")(values, values, values, average_attn_weights=False)
        return attended
