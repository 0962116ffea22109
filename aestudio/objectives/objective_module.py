"""The interface of every objective module: features become a code, a batch becomes named loss terms."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Code(NamedTuple):
    """The codes of a batch, float32: mean (B, L), and log-variance (B, L), or None for point codes."""

    mean: Tensor
    log_variance: Tensor | None = None


@dataclass(frozen=True)
class Batch:
    """The inputs of a loss.

    images: (B, 1, 28, 28) float in [0, 1]; labels: (B,) int64 or None
    noise:  the run's random generator
    live:   current values of the settings that may change while training ("beta", ...); scalar tensors
            on the device if the step is recorded as a CUDA graph
    """

    images: Tensor
    labels: Tensor | None
    noise: torch.Generator | None
    live: Mapping[str, float | Tensor]


class NetworkFunctions(NamedTuple):
    """The two halves of a network as functions, and its weights.

    features: images (B, 1, 28, 28) -> features (B, F)
    logits:   codes (B, L) -> logits (B, 1, 28, 28)
    weights:  the weight matrices and kernels, without biases, each in its own shape
    """

    features: Callable[[Tensor], Tensor]
    logits: Callable[[Tensor], Tensor]
    weights: Callable[[], list[Tensor]]


class ObjectiveModule(nn.Module):
    """Owns the layer between features and code.

    Losses are per image: summed over the pixels, averaged over the batch.
    """

    @abstractmethod
    def code(self, features: Tensor) -> Code:
        """Features (B, F) -> code, mean (B, L)."""

    def to_images(self, logits: Tensor) -> Tensor:
        """Logits (B, 1, 28, 28) -> images in [0, 1], same shape."""
        return torch.sigmoid(logits)

    @abstractmethod
    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        """Each loss term per image, a scalar, by the names in the objective's config; "loss" is minimised."""

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        """Change live values in place before a step, as a schedule requires."""
