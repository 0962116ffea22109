"""The weights of the first layer as images: to what each unit or filter responds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot

LayerKind = Literal["units", "filters", "gates", "nothing"]


@dataclass(frozen=True, eq=False)
class FirstLayer:
    """Weights between the pixels and the first layer, as signed images.

    images: float32 (n, H, W) in [-1, 1], each divided by its largest magnitude, or None
    scales: float32 (n,), those magnitudes: images * scales are the weights
    kind:   units: one image (28, 28) per unit; filters: one kernel (k, k) per channel; gates: the three
            gates of a GRU (reset, update, candidate), a row of 28 weights per hidden unit
    reason: why there are no images, a sentence without a full stop, or ""
    """

    kind: LayerKind
    images: NDArray[np.float32] | None
    scales: NDArray[np.float32]
    reason: str = ""


def first_layer(snapshot: Snapshot) -> FirstLayer:
    """The first weights of the encoder, or those of the code if the encoder has no layers."""
    encoder = [weights for name, weights in snapshot.weights.items() if name.startswith("encoder.")]
    head = [weights for name, weights in snapshot.weights.items() if name.startswith("objective.")]
    for weights in (*encoder, *head):
        if weights.ndim == 2 and weights.shape[1] == 28 * 28:
            latent = snapshot.recipe.network.latent_size
            # If the code is the first layer, the first half is the mean, the second half the log variance.
            means = weights if encoder or snapshot.recipe.objective.code != "gaussian" else weights[:latent]
            return _scaled("units", means.reshape(-1, 28, 28))
        if weights.ndim == 2 and weights.shape[1] == 28:
            return _scaled("gates", weights.reshape(3, -1, 28))
        if weights.ndim == 4 and weights.shape[1] == 1:
            return _scaled("filters", weights[:, 0])
        if weights.ndim > 1:
            break
    reason = "The weights of the first layer cannot be shown as images"
    return FirstLayer("nothing", None, np.zeros(0, np.float32), reason)


def _scaled(kind: LayerKind, weights: NDArray[np.float32]) -> FirstLayer:
    scales = np.abs(weights).max(axis=(1, 2))
    divisors = np.where(scales > 0, scales, 1).astype(np.float32)
    return FirstLayer(kind, weights / divisors[:, None, None], scales)
