"""The bound of a code whose prior is a mixture of Gaussians.

Jiang et al. 2017, "Variational deep embedding: an unsupervised and generative approach to clustering",
equations 12 and 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule
from aestudio.objectives.gaussian_mixture import GaussianMixture
from aestudio.objectives.kl_terms import warm_up

if TYPE_CHECKING:
    from aestudio.objectives.gaussian_mixture_prior.config import GaussianMixturePrior
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

FOLLOWS = "mixture_follows"
"""The live value that is 1 in steps in which the mixture follows the codes."""


class Mixture(NamedTuple):
    """Logarithms of the shares (K,), means (K, L) and log-variances (K, L) of the components."""

    log_shares: Tensor
    means: Tensor
    log_variances: Tensor

    def log_densities(self, codes: Tensor) -> Tensor:
        """log pi_c N(z; mu_c, sigma_c) of codes (B, L): (B, K), in nats."""
        each = likelihood.log_normal(codes[:, None], self.means[None], self.log_variances[None])
        return each + self.log_shares


class Divergences(NamedTuple):
    """Of each image, in nats, (B,): of the code from its groups, and of the groups from their shares."""

    code: Tensor
    group: Tensor


def divergences(mean: Tensor, log_variance: Tensor, groups: Tensor, mixture: Mixture) -> Divergences:
    """sum_c q(c) KL(q(z|x) || N_c), and KL(q(c) || pi): exact, given q(c).

    mean, log_variance: (B, L); groups: log q(c), (B, K)
    """
    each = likelihood.kl_of_normals(
        mean[:, None], log_variance[:, None], mixture.means[None], mixture.log_variances[None]
    )
    chances = groups.exp()
    return Divergences((chances * each).sum(1), (chances * (groups - mixture.log_shares)).sum(1))


class GaussianMixturePriorModule(GaussianCodeModule["GaussianMixturePrior"]):
    """`components`: the number of a component, one-hot (K, K) -> mean, log-variance, share (K, 2 L + 1).

    followed: the mixture that follows the codes during the warm-up
    """

    components: nn.Sequential

    def __init__(self, settings: GaussianMixturePrior, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        self.followed = GaussianMixture(settings.mixture_size, self.latent_size)
        self.register_buffer("one_hot", torch.eye(settings.mixture_size), persistent=False)
        self._step: tuple[Tensor, float | Tensor] | None = None

    def mixture(self) -> Mixture:
        """The prior as it is now."""
        rows = self.components(cast("Tensor", self.one_hot))
        means, log_variances, shares = rows.split([self.latent_size, self.latent_size, 1], 1)
        return Mixture(shares[:, 0].log_softmax(0), means, log_variances)

    def _draw(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Divergences]:
        """A code of each image (B, L), and its divergences with q(c) = p(c|z) there."""
        mean, log_variance = self.posterior(batch, network)
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        if self.training:
            self._step = sample.detach(), batch.live.get(FOLLOWS, 0.0)
        mixture = self.mixture()
        groups = mixture.log_densities(sample).log_softmax(1)
        return sample, divergences(mean, log_variance, groups, mixture)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        sample, each = self._draw(batch, network)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = self.reconstruction(logits, batch.images)
        code_kl, group_kl = each.code.mean(), each.group.mean()
        kl = code_kl + group_kl
        return {
            "loss": distance + batch.live["beta"] * kl,
            "reconstruction": distance,
            "code_kl": code_kl,
            "group_kl": group_kl,
            "negative_elbo": distance + kl,
        }

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        sample, each = self._draw(batch, network)
        logits = network.logits(self.decoder_input(sample, batch.condition)).double()
        return self.image_loss(logits, batch.images.double()) + each.code.double() + each.group.double()

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warm_up(self.settings, step, steps_per_epoch, live)
        live[FOLLOWS] = float(step < self.settings.warmup_epochs * steps_per_epoch)

    def after_step(self) -> None:
        """During the warm-up: a step of EM, whose components become those of the prior."""
        super().after_step()
        if self._step is None:
            return
        codes, follows = self._step
        recorded = isinstance(follows, Tensor)  # as a CUDA graph: its value cannot be read
        if not recorded and not follows:
            return
        self.followed.follow(codes)
        log_shares, means, factors = self.followed.components()
        variances = factors.square().sum(2)  # the diagonal of F F^T
        rows = torch.cat([means, variances.log(), log_shares[:, None]], 1).float()
        layer = cast("nn.Linear", self.components[0])
        weight, wanted = layer.weight, rows.T - layer.bias[:, None]
        weight.copy_(torch.where(follows > 0, wanted, weight) if recorded else wanted)

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        """temperature: factor of the standard deviations of the components."""
        mixture = self.mixture()
        chosen = torch.multinomial(mixture.log_shares.exp(), count, replacement=True, generator=generator)
        device = mixture.means.device
        noise = torch.randn((count, self.latent_size), generator=generator, device=device)
        deviations = (0.5 * mixture.log_variances[chosen]).exp()
        return mixture.means[chosen] + temperature * deviations * noise

    def prior_log_density(self, codes: Tensor) -> Tensor:
        mixture = Mixture(*(part.double() for part in self.mixture()))
        return mixture.log_densities(codes.double()).logsumexp(1)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    settings = cast("GaussianMixturePrior", architecture.recipe.objective)
    return GaussianMixturePriorModule(settings, architecture)
