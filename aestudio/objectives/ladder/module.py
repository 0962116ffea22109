"""The bound of two levels, the lower one inferred from below and above.

Sønderby et al. 2016, "Ladder variational autoencoders", section 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import torch

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule
from aestudio.objectives.kl_terms import warm_up
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.ladder.config import Ladder
    from aestudio.recipes.architecture import Architecture


class Normal(NamedTuple):
    """N(mean, diag exp(log_variance)), (B, L) each."""

    mean: Tensor
    log_variance: Tensor


def product(one: Normal, other: Normal) -> Normal:
    """The normalised product of two densities: precisions add up, means are weighted by them."""
    # -log(exp(-a) + exp(-b)), without overflow.
    log_variance = -torch.logaddexp(-one.log_variance, -other.log_variance)
    own, others = ((log_variance - each.log_variance).exp() for each in (one, other))
    return Normal(own * one.mean + others * other.mean, log_variance)


class LadderModule(GaussianCodeModule["Ladder"]):
    """Shapes: z2, mean and log-variance (B, T), those of z1 (B, L), codes (B, T + L), losses scalar."""

    upward: nn.Module
    downward: nn.Module

    def __init__(self, settings: Ladder, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        self.top, self.bottom = (level.size for level in architecture.latent.levels)

    def _above(self, top: Tensor) -> Normal:
        """p(z1|z2) of codes z2 (B, T)."""
        return Normal(*self.downward(top).split(self.bottom, 1))

    def _top(self, features: Tensor) -> Normal:
        """q(z2|x)."""
        return Normal(*self.upward(features).split(self.top, 1))

    def _bottom(self, features: Tensor, above: Normal) -> Normal:
        """q(z1|x, z2) = what the image says of z1, times p(z1|z2)."""
        return product(Normal(*self.head(features).split(self.bottom, 1)), above)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        """The means; z1 given the mean of z2."""
        top = self._top(features)
        above = self._above(top.mean)
        bottom = self._bottom(features, above)
        deviation = (bottom.mean - above.mean) * (-0.5 * above.log_variance).exp()
        return Code(
            torch.cat([top.mean, deviation], 1),
            torch.cat([top.log_variance, bottom.log_variance - above.log_variance], 1),
        )

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002 - takes none
        top, deviation = codes[:, : self.top], codes[:, self.top :]
        above = self._above(top)
        return above.mean + (0.5 * above.log_variance).exp() * deviation

    def _draw(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor, Tensor]:
        """z1 (B, L) from both posteriors, and the KL of the top and the bottom level, (B,) each."""
        features = network.features(batch.images)
        top = self._top(features)
        above = self._above(likelihood.reparameterise(*top, batch.noise))
        bottom = self._bottom(features, above)
        drawn = likelihood.reparameterise(*bottom, batch.noise)
        return drawn, likelihood.kl_of_images(*top), likelihood.kl_of_normals(*bottom, *above)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        drawn, *each = self._draw(batch, network)
        distance = self.reconstruction(network.logits(drawn), batch.images)
        top_kl, bottom_kl = (one.mean() for one in each)
        kl = top_kl + bottom_kl
        return {
            "loss": distance + batch.live["beta"] * kl,
            "reconstruction": distance,
            "top_kl": top_kl,
            "bottom_kl": bottom_kl,
            "negative_elbo": distance + kl,
        }

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        drawn, top_kl, bottom_kl = self._draw(batch, network)
        distance = self.image_loss(network.logits(drawn).double(), batch.images.double())
        return distance + top_kl.double() + bottom_kl.double()

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warm_up(self.settings, step, steps_per_epoch, live)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return LadderModule(cast("Ladder", architecture.recipe.objective), architecture)
