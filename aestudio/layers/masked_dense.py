"""A fully connected layer of which some weights are always 0, so that nothing sees what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aestudio.layers.layer import Layer, LayerKind, Shape, ShapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn


def degrees(units: int, numbers: int) -> list[int]:
    """How many of the first numbers each hidden unit may see: 1 to numbers - 1, spread evenly, in order."""
    most = max(1, numbers - 1)
    return [1 + unit * most // units for unit in range(units)]


@dataclass(frozen=True)
class MaskedDense(Layer):
    """Weights times a mask (Germain et al. 2015, equations 8 and 9): (inputs,) -> (units,).

    A number of the image has the degree of its place, from 1 on; a hidden unit sees inputs of its degree or
    less, and an output those of less than its own. So output i depends on the numbers before i alone, and
    the first one on none. What the mask hides is 0 from the beginning and stays so.

    numbers:     of the image, which the first inputs and the last outputs are
    first, last: whether the inputs, and the outputs, are the numbers of the image, and not hidden units
    """

    kind: ClassVar[LayerKind] = "dense"
    units: int
    numbers: int
    first: bool = False
    last: bool = False

    @property
    def text(self) -> str:
        return "fully connected, masked"

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) != 1 or (self.first and inputs[0] != self.numbers):
            raise ShapeError(f"a masked layer for {self.numbers} numbers cannot take {inputs}")
        return (self.units,)

    def parameter_count(self, inputs: Shape) -> int:
        return inputs[0] * self.units + self.units

    def build(self, inputs: Shape) -> nn.Module:
        return cast("Any", _module_class())(self._degrees_in(inputs[0]), self._degrees_out(), self.last)

    def _degrees_in(self, count: int) -> Sequence[int]:
        return range(1, count + 1) if self.first else degrees(count, self.numbers)

    def _degrees_out(self) -> Sequence[int]:
        return range(1, self.units + 1) if self.last else degrees(self.units, self.numbers)


@cache
def _module_class() -> type[nn.Module]:
    """A linear layer with a mask, which follows from its degrees and is not kept with the weights."""
    import torch
    from torch import nn
    from torch.nn import functional

    base = cast("Any", nn.Linear)

    class MaskedLinear(base):
        def __init__(self, inputs: Sequence[int], outputs: Sequence[int], strict: bool) -> None:
            super().__init__(len(inputs), len(outputs))  # pyright: ignore[reportUnknownMemberType]
            before, after = torch.tensor(list(inputs)), torch.tensor(list(outputs))[:, None]
            mask = (after > before) if strict else (after >= before)
            self.register_buffer("mask", mask.float(), persistent=False)
            with torch.no_grad():
                self.weight.mul_(mask)

        def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - as torch calls it
            # Only for the gradient: what is hidden is 0, and stays so because its gradient is 0.
            hidden_too = not torch.is_grad_enabled()
            weight = self.weight if hidden_too else self.weight * cast("torch.Tensor", self.mask)
            return functional.linear(input, weight, self.bias)

    return cast("type[nn.Module]", MaskedLinear)
