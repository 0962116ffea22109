"""The KL in three parts (Chen et al. 2018, "Isolating sources of disentanglement", eq. 2 and 4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.total_correlation.config import TotalCorrelation
    from aestudio.recipes.architecture import Architecture


class Parts(NamedTuple):
    """Scalars in nats per image, whose sum is the mean of log q(z|x) - log p(z) over the samples."""

    mutual_information: Tensor
    total_correlation: Tensor
    dimension_kl: Tensor


def parts_of_kl(codes: Tensor, mean: Tensor, log_variance: Tensor) -> Parts:
    """From one sample of each posterior: (B, L) each.

    q(z) is taken as the mean of the posteriors of the batch, and so is q(z_j). With the factor of the whole
    data set (minibatch weighted sampling) only constants would change, and no gradient.
    """
    count = len(codes)
    # log q(z_j of sample a | image b): (B, B, L)
    differences = codes[:, None] - mean[None]
    logs = -(differences.square() / log_variance.exp() + log_variance + math.log(2 * math.pi)) / 2
    own = logs.diagonal(dim1=0, dim2=1).sum(0)  # log q(z|x): (B,)
    together = logs.sum(2).logsumexp(1) - math.log(count)
    each = (logs.logsumexp(1) - math.log(count)).sum(1)
    prior = -(codes.square() + math.log(2 * math.pi)).sum(1) / 2
    return Parts((own - together).mean(), (together - each).mean(), (each - prior).mean())


class TotalCorrelationModule(GaussianCodeModule["TotalCorrelation"]):
    """Scalars per image; the parts of the KL are estimated with the samples that are decoded."""

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        parts = parts_of_kl(sample, mean, log_variance)
        weighted = batch.live["tc_weight"] * parts.total_correlation
        return {
            "loss": distance + parts.mutual_information + weighted + parts.dimension_kl,
            "reconstruction": distance,
            **parts._asdict(),
            "negative_elbo": distance + likelihood.kl_to_standard_normal(mean, log_variance),
        }


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return TotalCorrelationModule(cast("TotalCorrelation", architecture.recipe.objective), architecture)
