"""Batch, layer and group normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import gcd, prod
from typing import TYPE_CHECKING, Any, Literal, cast

from aestudio.layers.layer import BYTES_PER_NUMBER, SEQUENCE_AXES, Layer, Shape, ShapeError

if TYPE_CHECKING:
    from torch import nn

NormalisationName = Literal["batch", "layer", "group"]
GROUPS = 8


@dataclass(frozen=True)
class Normalisation(Layer):
    """Shifts and scales to mean 0 and variance 1, then by trainable numbers.

    batch: each channel over the batch (Ioffe & Szegedy 2015); running statistics in evaluation mode
    layer: all numbers of an example, or of a row of a sequence (Ba et al. 2016)
    group: groups of channels of an example: 8 if that divides them, otherwise 4, 2 or 1 (Wu & He 2018)
    Batch and group need channels, which a sequence has not, and group more than one number: they raise
    ShapeError.
    """

    statistics: NormalisationName = "batch"

    @property
    def text(self) -> str:
        return f"{self.statistics} normalisation"

    def output_shape(self, inputs: Shape) -> Shape:
        if len(inputs) == SEQUENCE_AXES and self.statistics != "layer":
            raise ShapeError(
                f"{self.statistics} normalisation takes features or maps, not a sequence {inputs}"
            )
        if prod(inputs) == 1 and self.statistics == "group":
            raise ShapeError("group normalisation of a single number would always give 0")
        return inputs

    def parameter_count(self, inputs: Shape) -> int:
        return 2 * (prod(self._normalised(inputs)) if self.statistics == "layer" else inputs[0])

    def training_bytes(self, inputs: Shape) -> int:
        return BYTES_PER_NUMBER * prod(inputs)

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        if self.statistics == "layer":
            return nn.LayerNorm(list(self._normalised(inputs)))
        if self.statistics == "group":
            return nn.GroupNorm(_groups(inputs), inputs[0])
        return _batch_class(len(inputs) > 1)(inputs[0])

    def _normalised(self, inputs: Shape) -> Shape:
        """The axes of an example that are normalised together: (T, F) row by row, all of others."""
        return inputs[-1:] if len(inputs) == SEQUENCE_AXES else inputs


def _groups(inputs: Shape) -> int:
    groups = gcd(GROUPS, inputs[0])
    # A group of a single number would always be normalised to 0.
    while groups > 1 and groups == prod(inputs):
        groups //= 2
    return groups


@cache
def _batch_class(maps: bool) -> type[nn.Module]:
    """Torch's class, which can also be trained with a single number for each channel.

    An epoch may end with a batch of one image: one number has no variance, for which torch raises an error.
    The running statistics then take the batch's place, and stay as they are.
    """
    from torch import Tensor, nn
    from torch.nn import functional

    base = cast("Any", nn.BatchNorm2d if maps else nn.BatchNorm1d)

    class BatchNormalisation(base):
        def forward(self, values: Tensor) -> Tensor:
            if not self.training or values.numel() > values.shape[1]:
                return cast("Tensor", base.forward(self, values))
            return functional.batch_norm(
                values, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
            )

    return cast("type[nn.Module]", BatchNormalisation)
