"""The two losses of wake-sleep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class WakeSleepModule(ObjectiveModule):
    """wake: -log p(x|z), z ~ q(z|x); sleep: -log q(z|x), z ~ N(0, I), x ~ p(x|z)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        mean, log_variance = self.head(features).chunk(2, 1)
        return Code(mean, log_variance)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == "sleep":
            return {"recognition": self._recognition(batch, network)}
        with torch.no_grad():
            mean, log_variance = self.head(network.features(batch.images)).chunk(2, 1)
            sample = likelihood.reparameterise(mean, log_variance, batch.noise)
            kl = likelihood.kl_to_standard_normal(mean, log_variance)
        distance = likelihood.cross_entropy(network.logits(sample), batch.images)
        return {"reconstruction": distance, "negative_elbo": distance + kl}

    def _recognition(self, batch: Batch, network: NetworkFunctions) -> Tensor:
        shape = (len(batch.images), self.architecture.latent.size)
        with torch.no_grad():
            codes = torch.randn(shape, generator=batch.noise, device=batch.images.device)
            dreams = torch.bernoulli(self.to_images(network.logits(codes)), generator=batch.noise)
        mean, log_variance = self.head(network.features(dreams)).chunk(2, 1)
        squares = (codes - mean).square() * (-log_variance).exp()
        return 0.5 * (squares + log_variance + math.log(2 * math.pi)).sum() / len(codes)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return WakeSleepModule(architecture)
