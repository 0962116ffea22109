"""The prior as a mixture of posteriors of pseudo-inputs.

Tomczak & Welling 2018, "VAE with a VampPrior", equation 9.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule

if TYPE_CHECKING:
    from aestudio.objectives.mixture_of_posteriors.config import MixtureOfPosteriors
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

DARK = math.log(0.05 / 0.95)
"""Pseudo-inputs begin as nearly empty images: grey levels of 0.05, as in the source."""


def log_mixture(codes: Tensor, means: Tensor, log_variances: Tensor) -> Tensor:
    """log sum_k N(z; mean_k, ...) / K: codes (B, L), components (K, L) twice -> (B,) in nats."""
    each = likelihood.log_normal(codes[:, None], means[None], log_variances[None])
    return each.logsumexp(1) - math.log(len(means))


class MixtureOfPosteriorsModule(GaussianCodeModule["MixtureOfPosteriors"]):
    """`pseudo_inputs`: the number of a component, one-hot (K, K), -> logits of its image (K, C, H, W).

    means, log_variances: of the components (K, L), as they were in the newest step, for draws of the prior
    """

    pseudo_inputs: nn.Module
    means: Tensor
    log_variances: Tensor

    def __init__(self, settings: MixtureOfPosteriors, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        shape = settings.components, self.latent_size
        self.register_buffer("means", torch.zeros(shape))
        self.register_buffer("log_variances", torch.zeros(shape))
        self.register_buffer("one_hot", torch.eye(settings.components), persistent=False)
        self._components: tuple[Tensor, Tensor] | None = None

    def images(self) -> Tensor:
        """The pseudo-inputs, images (K, C, H, W) in [0, 1]."""
        one_hot = cast("Tensor", self.one_hot)
        return torch.sigmoid(self.pseudo_inputs(one_hot) + DARK)

    def _prior(self, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """Means and log-variances of the components, (K, L) each."""
        mean, log_variance = self.code(network.features(self.images()))
        assert log_variance is not None
        if self.training:
            self._components = mean.detach(), log_variance.detach()
        return mean, log_variance

    def _draw(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """A code of each image (B, L), and log q(z|x) - log p(z) there (B,)."""
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        prior = log_mixture(sample, *self._prior(network))
        return sample, likelihood.log_normal(sample, mean, log_variance) - prior

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        sample, kl = self._draw(batch, network)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        loss = distance + kl.mean()
        return {"loss": loss, "reconstruction": distance, "kl": kl.mean(), "negative_elbo": loss}

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        sample, kl = self._draw(batch, network)
        logits = network.logits(self.decoder_input(sample, batch.condition)).double()
        return self.image_loss(logits, batch.images.double()) + kl.double()

    def after_step(self) -> None:
        """Keep the components of the step for draws of the prior."""
        super().after_step()
        if self._components is not None:
            self.means.copy_(self._components[0])
            self.log_variances.copy_(self._components[1])

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        """temperature: factor of the standard deviations of the components."""
        device = self.means.device
        chosen = torch.randint(len(self.means), (count,), generator=generator, device=device)
        noise = torch.randn((count, self.latent_size), generator=generator, device=device)
        return self.means[chosen] + temperature * (0.5 * self.log_variances[chosen]).exp() * noise

    def prior_log_density(self, codes: Tensor) -> Tensor:
        return log_mixture(codes.double(), self.means.double(), self.log_variances.double())


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return MixtureOfPosteriorsModule(cast("MixtureOfPosteriors", architecture.recipe.objective), architecture)
