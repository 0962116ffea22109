"""Batch, layer and group normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, prod
from typing import TYPE_CHECKING, Literal

from aestudio.layers.layer import BYTES_PER_NUMBER, Layer, Shape

if TYPE_CHECKING:
    from torch import nn

NormalisationName = Literal["batch", "layer", "group"]
GROUPS = 8


@dataclass(frozen=True)
class Normalisation(Layer):
    """Shifts and scales to mean 0 and variance 1, then by trainable numbers.

    batch: each channel over the batch (Ioffe & Szegedy 2015); running statistics in evaluation mode
    layer: all numbers of an example, or of a row of a sequence (Ba et al. 2016)
    group: groups of channels of an example, 8 if they divide the channels (Wu & He 2018)
    """

    statistics: NormalisationName = "batch"

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def parameter_count(self, inputs: Shape) -> int:
        return 2 * (prod(self._normalised(inputs)) if self.statistics == "layer" else inputs[0])

    def training_bytes(self, inputs: Shape) -> int:
        return BYTES_PER_NUMBER * prod(inputs)

    def build(self, inputs: Shape) -> nn.Module:
        from torch import nn

        channels = inputs[0]
        if self.statistics == "layer":
            return nn.LayerNorm(list(self._normalised(inputs)))
        if self.statistics == "group":
            return nn.GroupNorm(gcd(GROUPS, channels), channels)
        return nn.BatchNorm2d(channels) if len(inputs) > 1 else nn.BatchNorm1d(channels)

    def _normalised(self, inputs: Shape) -> Shape:
        """The axes of an example that are normalised together: (T, F) row by row, all of others."""
        return inputs[-1:] if len(inputs) == SEQUENCE_AXES else inputs


SEQUENCE_AXES = 2
