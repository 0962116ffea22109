"""The bound of k samples (Burda et al. 2016, "Importance weighted autoencoders", eq. 8)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.importance_weighted.config import ImportanceWeighted
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class ImportanceWeightedModule(GaussianCodeModule["ImportanceWeighted"]):
    """Losses in nats, scalars per image: the logarithm is taken image by image, then the mean."""

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        count = self.settings.samples
        mean, log_variance = self.posterior(batch, network)
        # Sample i of image b is row i B + b.
        means, log_variances = mean.repeat(count, 1), log_variance.repeat(count, 1)
        codes = likelihood.reparameterise(means, log_variances, batch.noise)
        images = batch.images.repeat(count, 1, 1, 1)
        told = None if batch.condition is None else batch.condition.repeat(count, 1)
        logits = network.logits(self.decoder_input(codes, told))
        distance = self.reconstruction(logits, images)
        given = self.image_loss(logits, images)
        # log p(z) - log q(z|x): the terms with 2 pi cancel.
        squares = (codes - means).square() / log_variances.exp()
        ratio = (squares + log_variances - codes.square()).sum(1) / 2
        log_weights = (ratio - given).view(count, -1)
        bound = (log_weights.logsumexp(0) - math.log(count)).mean()
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        return {"loss": -bound, "reconstruction": distance, "kl": kl, "negative_elbo": distance + kl}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ImportanceWeightedModule(cast("ImportanceWeighted", architecture.recipe.objective), architecture)
