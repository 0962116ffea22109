"""A dense layer of the decoder whose matrix is that of a layer of the encoder, transposed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aestudio.layers.layer import Layer, LayerKind, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import nn


@dataclass(frozen=True)
class TiedDense(Layer):
    """Biases (units,) of its own, weights (units, inputs) of the encoder: (F,) -> (units,).

    The k-th such layer of a decoder takes the k-th last matrix between image and code (`tie`). Of a matrix
    with more rows than the code has numbers (means and variances) it takes the first ones.
    """

    kind: ClassVar[LayerKind] = "dense"
    units: int

    @property
    def text(self) -> str:
        return "fully connected, weights of the encoder"

    def output_shape(self, inputs: Shape) -> Shape:
        return (*inputs[:-1], self.units)

    def parameter_count(self, inputs: Shape) -> int:  # noqa: ARG002 - the weights are counted in the encoder
        return self.units

    def build(self, inputs: Shape) -> nn.Module:
        return cast("Any", _module_class())(inputs[-1], self.units)


def tie(decoder: nn.Module, parts: Iterable[nn.Module]) -> None:
    """Give each tied layer of the decoder its matrix. parts: encoder and head, in this order.

    Raises ValueError if the matrices are not as many, or not of the mirrored shapes.
    """
    from torch import nn

    tied = [cast("Any", module) for module in decoder.modules() if type(module) is _module_class()]
    if not tied:
        return
    products = [module for part in parts for module in part.modules() if isinstance(module, nn.Linear)]
    if len(products) != len(tied) or not _mirrored(products[::-1], tied):
        raise ValueError("tied weights need a dense layer in the encoder for each of the decoder")
    for layer, product in zip(tied, products[::-1], strict=True):
        layer.source = (product,)


def _mirrored(products: Sequence[nn.Linear], tied: Sequence[Any]) -> bool:
    return all(
        product.in_features == layer.units and product.out_features >= layer.inputs
        for product, layer in zip(products, tied, strict=True)
    )


@cache
def _module_class() -> type[nn.Module]:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional

    class TiedLinear(nn.Module):
        """source: the layer whose matrix it takes, in a tuple: as a part, its weights would be kept twice."""

        def __init__(self, inputs: int, units: int) -> None:
            super().__init__()
            self.inputs, self.units = inputs, units
            self.bias = nn.Parameter(torch.zeros(units))
            self.source: tuple[nn.Linear, ...] = ()

        def forward(self, values: Tensor) -> Tensor:
            (product,) = self.source
            return functional.linear(values, product.weight[: self.inputs].T, self.bias)

    return TiedLinear
