"""The negative evidence lower bound (Kingma & Welling 2013, eq. 10), with beta (Higgins et al. 2017)
and free bits (Kingma et al. 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.objectives.variational.config import Variational
    from aestudio.recipes.architecture import Architecture


def kl_penalty(mean: Tensor, log_variance: Tensor, kl: Tensor, free_bits: float | Tensor) -> Tensor:
    """KL term of the loss with free bits, a scalar in nats: sum_j max(lambda, batch mean of KL_j).

    Kingma et al. 2016, "Improved variational inference with inverse autoregressive flow", eq. 15.
    mean, log_variance: (B, L); kl: scalar, without free bits, returned as it is if lambda is 0

    In a step recorded as a CUDA graph lambda is a tensor whose value cannot be read: both cases are computed.
    """
    recorded = isinstance(free_bits, Tensor)
    if not recorded and free_bits == 0:
        return kl
    each = likelihood.kl_per_dimension(mean, log_variance)
    bounded = each.clamp(min=free_bits).sum()
    return torch.where(free_bits > 0, bounded, kl) if recorded else bounded


class VariationalModule(ObjectiveModule):
    """Gaussian code; loss = reconstruction + beta * KL penalty, in nats per image, one sample per image.

    Shapes: images and logits (B, C, H, W), features (B, F), mean and log-variance (B, L), losses scalar.
    """

    def __init__(self, settings: Variational, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = settings
        self.latent_size = architecture.latent.size

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        mean, log_variance = self.head(features).split(self.latent_size, dim=1)
        return Code(mean, log_variance)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        if self.settings.likelihood == "gaussian":
            means, variance = self.to_images(logits), self.settings.pixel_variance
            return likelihood.gaussian_of_images(means, images, variance)
        return likelihood.cross_entropy_of_images(logits, images)

    def reconstruction(self, logits: Tensor, images: Tensor) -> Tensor:
        """-log p(x|z) per image in nats, a scalar."""
        if self.settings.likelihood == "gaussian":
            return likelihood.gaussian(self.to_images(logits), images, self.settings.pixel_variance)
        return likelihood.cross_entropy(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        told = batch.condition
        mean, log_variance = self.code(network.features(self.encoder_input(batch.images, told)), told)
        assert log_variance is not None
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        distance = self.reconstruction(network.logits(self.decoder_input(sample, told)), batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        # Runs of versions without free bits have no value for them.
        penalty = kl_penalty(mean, log_variance, kl, batch.live.get("free_bits", 0.0))
        return {
            "loss": distance + batch.live["beta"] * penalty,
            "reconstruction": distance,
            "kl": kl,
            "negative_elbo": distance + kl,
        }

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        told = batch.condition
        mean, log_variance = self.code(network.features(self.encoder_input(batch.images, told)), told)
        assert log_variance is not None
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, told)).double()
        distance = self.image_loss(logits, batch.images.double())
        return distance + likelihood.kl_of_images(mean.double(), log_variance.double())

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warmup = self.settings.warmup_epochs * steps_per_epoch
        if step < warmup:
            live["beta"] *= step / warmup


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return VariationalModule(cast("Variational", architecture.recipe.objective), architecture)
