"""The weights of the first layer as images: to what each unit or filter responds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.layers.layer import place
from aestudio.layers.recurrent import Recurrent
from aestudio.recipes.requirements import NO_ENCODER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

LayerKind = Literal["units", "filters", "gates", "nothing"]
_OTHER_INPUTS = "The first layer does not read the pixels of an image, so its weights are no images"


@dataclass(frozen=True, eq=False)
class FirstLayer:
    """Weights between the pixels and the first layer, as signed images.

    Of a conditional model those of the pixels only: `told` is the number of further channels it is told.

    images: float32 (n, C, h, w) in [-1, 1], each divided by its largest magnitude over all channels, or None
    scales: float32 (n,), those magnitudes: images * scales are the weights
    kind:   units: one image (C, H, W) per unit; filters: one kernel (C, k, k) per channel of the output;
            gates: those of a recurrent cell, a row of W weights (C, W) per hidden unit, each image
            (C, units, W)
    reason: why there are no images, a sentence without a full stop, or ""
    cell:   of a recurrent layer: three gates of a GRU (reset, update, candidate), or four of an LSTM (input,
            forget, cell, output)
    """

    kind: LayerKind
    images: NDArray[np.float32] | None
    scales: NDArray[np.float32]
    reason: str = ""
    cell: Literal["gru", "lstm"] = "gru"
    told: int = 0


def first_layer(snapshot: Snapshot) -> FirstLayer:
    """The first weights of the encoder, or those of the code if the encoder has no layers."""
    if not snapshot.architecture.encodes:
        return _nothing(f"{NO_ENCODER}: no layer of it reads their pixels")
    encoder = [weights for name, weights in snapshot.weights.items() if name.startswith("encoder.")]
    shape = snapshot.data.image
    inputs = snapshot.architecture.encoder_input
    if len(inputs) != len(shape.array):  # the objective passes on a row of numbers, for instance
        return _nothing(_OTHER_INPUTS)
    told = inputs[0] - shape.channels if inputs[1:] == shape.array[1:] else 0
    head = [weights for name, weights in snapshot.weights.items() if name.startswith("objective.")]
    for weights in (*encoder, *head):
        if weights.ndim == 2 and weights.shape[1] == prod(inputs) and told >= 0:
            latent = snapshot.architecture.latent.size
            # If the code is the first layer, the first half is the mean, the second half the log variance.
            means = weights[:latent] if not encoder and len(weights) == 2 * latent else weights
            return _scaled("units", means.reshape(-1, *inputs)[:, : shape.channels], told)
        if weights.ndim == 2 and weights.shape[1] == shape.channels * shape.width:
            return _gates(weights, snapshot.architecture)
        if weights.ndim == 4 and weights.shape[1] == inputs[0] and told >= 0:
            return _scaled("filters", weights[:, : shape.channels], told)
        if weights.ndim > 1:
            break
    return _nothing(_OTHER_INPUTS)


def _nothing(reason: str) -> FirstLayer:
    return FirstLayer("nothing", None, np.zeros(0, np.float32), reason)


def _gates(weights: NDArray[np.float32], architecture: Architecture) -> FirstLayer:
    """Weights (G * units, C * W) for one row of the image at a time: as the first layer's G gates."""
    shape = architecture.data.image
    placed = place(architecture.encoder, architecture.encoder_input)
    first = next((one for one in placed if one.parameters), None)
    if first is None or not isinstance(first.layer, Recurrent):
        return _nothing("The first layer reads the image row by row, so its weights are no images")
    rows = weights.reshape(-1, first.layer.units, shape.channels, shape.width)
    return replace(_scaled("gates", rows.transpose(0, 2, 1, 3)), cell=first.layer.cell)


def _scaled(kind: LayerKind, weights: NDArray[np.float32], told: int = 0) -> FirstLayer:
    scales = np.abs(weights).max(axis=(1, 2, 3))
    divisors = np.where(scales > 0, scales, 1).astype(np.float32)
    return FirstLayer(kind, weights / divisors[:, None, None, None], scales, told=told)
