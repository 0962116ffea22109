"""The covariance of all codes against that of the prior (Kumar et al. 2018, eq. 7, DIP-VAE-II)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.dip_variational.config import DipVariational
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


def covariance(mean: Tensor, log_variance: Tensor) -> Tensor:
    """E[diag sigma^2] + Cov(mu) over a batch (B, L) -> (L, L), with 1 / B as in E."""
    centred = mean - mean.mean(0)
    return centred.T @ centred / len(mean) + log_variance.exp().mean(0).diag()


class DipVariationalModule(GaussianCodeModule["DipVariational"]):
    """Scalars per image; the covariance is that of the batch."""

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        whole = covariance(mean, log_variance)
        own = whole.diagonal()
        covariances = whole.square().sum() - own.square().sum()
        variances = (own - 1).square().sum()
        negative_elbo = distance + kl
        loss = negative_elbo + batch.live["off_diagonal"] * covariances + batch.live["diagonal"] * variances
        return {
            **{"loss": loss, "reconstruction": distance, "kl": kl, "negative_elbo": negative_elbo},
            **{"covariances": covariances, "variances": variances},
        }


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return DipVariationalModule(cast("DipVariational", architecture.recipe.objective), architecture)
