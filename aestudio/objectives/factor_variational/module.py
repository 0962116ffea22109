"""The density-ratio trick (Kim & Mnih 2018, "Disentangling by factorising", algorithm 2 and equation 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives import likelihood
from aestudio.objectives.adversarial_losses import critic_accuracy, critic_loss
from aestudio.objectives.factor_variational.config import VAE
from aestudio.objectives.gaussian_code_module import GaussianCodeModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.factor_variational.config import FactorVariational
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


def exchanged(codes: Tensor, noise: torch.Generator | None) -> Tensor:
    """Codes (B, L) with each number taken from a random image of the batch, each image once: same shape."""
    order = torch.rand(codes.shape, generator=noise, device=codes.device).argsort(0)
    return codes.gather(0, order)


class FactorVariationalModule(GaussianCodeModule["FactorVariational"]):
    """`discriminator`: codes (B, L) -> logits (B, 1), log D - log(1 - D), above 0 for codes of images."""

    discriminator: nn.Module

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == VAE:
            return self._vae(batch, network)
        with torch.no_grad():
            codes = likelihood.reparameterise(*self.posterior(batch, network), batch.noise)
        own = self.discriminator(codes)
        others = self.discriminator(exchanged(codes, batch.noise))
        return {
            "discriminator_loss": critic_loss(own, others) / 2,
            "discriminator_accuracy": critic_accuracy(own, others),
        }

    def _vae(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        total_correlation = self.discriminator(sample).mean()
        return {
            "loss": distance + kl + batch.live["tc_weight"] * total_correlation,
            "reconstruction": distance,
            "kl": kl,
            "total_correlation": total_correlation,
            "negative_elbo": distance + kl,
        }


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return FactorVariationalModule(cast("FactorVariational", architecture.recipe.objective), architecture)
