"""The negative evidence lower bound (Kingma & Welling 2013, eq. 10), with beta (Higgins et al. 2017)
and free bits (Kingma et al. 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule
from aestudio.objectives.kl_terms import warm_up, with_free_bits

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.variational.config import Variational
    from aestudio.recipes.architecture import Architecture

CAPACITY = "capacity_now"
"""The live value of the capacity at a step; an evaluation takes the last one, the setting."""


class VariationalModule(GaussianCodeModule["Variational"]):
    """Gaussian code; loss = reconstruction + beta * KL penalty, in nats per image, one sample per image.

    Shapes: images and logits (B, C, H, W), features (B, F), mean and log-variance (B, L), losses scalar.
    """

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        # Runs of versions without free bits have no value for them.
        free_bits = batch.live.get("free_bits", 0.0)
        penalty = with_free_bits(kl, lambda: likelihood.kl_per_dimension(mean, log_variance), free_bits)
        if self.settings.capacity > 0:
            penalty = (penalty - batch.live.get(CAPACITY, self.settings.capacity)).abs()
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
        warm_up(self.settings, step, steps_per_epoch, live)
        if self.settings.capacity > 0:
            steps = self.settings.capacity_epochs * steps_per_epoch
            live[CAPACITY] = self.settings.capacity * (min(1.0, step / steps) if steps else 1.0)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return VariationalModule(cast("Variational", architecture.recipe.objective), architecture)
