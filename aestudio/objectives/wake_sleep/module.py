"""The two losses of wake-sleep.

Hinton et al. 1995, "The wake-sleep algorithm for unsupervised neural networks"; with a Gaussian code, as in
the comparison of Kingma & Welling 2013, section 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianPosteriorModule
from aestudio.objectives.wake_sleep.config import SLEEP

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class WakeSleepModule(GaussianPosteriorModule):
    """Shapes: images, dreams and logits (B, C, H, W), codes (B, L), losses scalar in nats per image."""

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == SLEEP:
            return {"recognition": self._recognition(batch, network)}
        with torch.no_grad():  # the encoder has no part in this loss
            mean, log_variance = self.posterior(batch, network)
            sample = likelihood.reparameterise(mean, log_variance, batch.noise)
            kl = likelihood.kl_to_standard_normal(mean, log_variance)
        distance = likelihood.cross_entropy(network.logits(sample), batch.images)
        return {"reconstruction": distance, "kl": kl, "negative_elbo": distance + kl}

    def dreams(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """As many codes (B, L) of the prior as the batch has images, and images of 0 and 1 drawn for them."""
        shape = len(batch.images), self.latent_size
        with torch.no_grad():
            codes = torch.randn(
                shape, generator=batch.noise, device=batch.images.device, dtype=batch.images.dtype
            )
            chances = self.to_images(network.logits(codes))
            return codes, torch.bernoulli(chances, generator=batch.noise)

    def _recognition(self, batch: Batch, network: NetworkFunctions) -> Tensor:
        codes, images = self.dreams(batch, network)
        mean, log_variance = self.code(network.features(images))
        assert log_variance is not None
        return -likelihood.log_normal(codes, mean, log_variance).mean()

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        distance = self.image_loss(network.logits(sample).double(), batch.images.double())
        return distance + likelihood.kl_of_images(mean.double(), log_variance.double())


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return WakeSleepModule(architecture)
