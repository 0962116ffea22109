"""What every objective module does: features become a code, a batch becomes named loss terms."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Code(NamedTuple):
    """What the encoder says of a batch: mean (B, latent), and log-variance (B, latent) or None."""

    mean: Tensor
    log_variance: Tensor | None = None


@dataclass(frozen=True)
class Batch:
    """What a loss is computed on.

    images: (B, 1, 28, 28) float in [0, 1]; labels: (B,) int64 or None
    noise:  the generator of this run's randomness
    live:   current values of the settings that may move while training ("beta", ...); scalars on the
            device where the step is recorded
    """

    images: Tensor
    labels: Tensor | None
    noise: torch.Generator | None
    live: Mapping[str, float | Tensor]


class Parts(NamedTuple):
    """The two halves of a network, as functions: features(images), logits(codes)."""

    features: Callable[[Tensor], Tensor]
    logits: Callable[[Tensor], Tensor]
    weights: Callable[[], list[Tensor]]


class ObjectiveModule(nn.Module):
    """Owns the layer between features and code. Losses are per image: summed, averaged over the batch."""

    @abstractmethod
    def code(self, features: Tensor) -> Code:
        """Features (B, F) -> code."""

    def picture(self, logits: Tensor) -> Tensor:
        """The decoder's logits as pictures in [0, 1], same shape."""
        return torch.sigmoid(logits)

    @abstractmethod
    def terms(self, batch: Batch, parts: Parts) -> dict[str, Tensor]:
        """Scalars by the names that the declaration lists; "loss" is what is minimised."""

    def warm(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        """Change live values in place before a step, where a schedule asks for it."""
