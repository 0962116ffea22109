"""The negative evidence lower bound (Kingma & Welling 2013, eq. 10), with beta (Higgins et al. 2017)
and free bits (Kingma et al. 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, ObjectiveModule, Parts

if TYPE_CHECKING:
    from aestudio.objectives.variational.config import Variational


def kl_penalty(mean: Tensor, log_variance: Tensor, kl: Tensor, free_bits: float | Tensor) -> Tensor:
    """What the loss charges for the code: sum_j max(lambda, mean over the batch of KL_j) (Kingma et al.
    2016, "Improved variational inference with inverse autoregressive flow", eq. 15); `kl` itself at 0.

    Where the step is recorded, lambda is a tensor whose value may not be looked at: both are computed.
    """
    recorded = isinstance(free_bits, Tensor)
    if not recorded and free_bits == 0:
        return kl
    each = likelihood.kl_per_dimension(mean, log_variance)
    bounded = each.clamp(min=free_bits).sum()
    return torch.where(free_bits > 0, bounded, kl) if recorded else bounded


class VariationalModule(ObjectiveModule):
    """Gaussian code; loss = reconstruction + beta * priced KL, in nats per image, one sample per image."""

    def __init__(self, settings: Variational, features: int, latent_size: int) -> None:
        super().__init__()
        self.settings = settings
        self.latent_size = latent_size
        # Mean and log-variance in one matrix: one product instead of two per step.
        self.head = nn.Linear(features, 2 * latent_size)

    def code(self, features: Tensor) -> Code:
        mean, log_variance = self.head(features).split(self.latent_size, dim=1)
        return Code(mean, log_variance)

    def reconstruction(self, logits: Tensor, images: Tensor) -> Tensor:
        """-log p(x|z) per image in nats."""
        if self.settings.likelihood == "gaussian":
            return likelihood.gaussian(self.picture(logits), images, self.settings.pixel_variance)
        return likelihood.cross_entropy(logits, images)

    def terms(self, batch: Batch, parts: Parts) -> dict[str, Tensor]:
        mean, log_variance = self.code(parts.features(batch.images))
        assert log_variance is not None
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        distance = self.reconstruction(parts.logits(sample), batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        # Runs that were kept before there were free bits say nothing of them.
        priced = kl_penalty(mean, log_variance, kl, batch.live.get("free_bits", 0.0))
        return {
            "loss": distance + batch.live["beta"] * priced,
            "reconstruction": distance,
            "kl": kl,
            "negative_elbo": distance + kl,
        }

    def warm(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warmup = self.settings.warmup_epochs * steps_per_epoch
        if step < warmup:
            live["beta"] *= step / warmup


def build(settings: Variational, features: int, latent_size: int) -> ObjectiveModule:
    """The module of the declaration."""
    return VariationalModule(settings, features, latent_size)
