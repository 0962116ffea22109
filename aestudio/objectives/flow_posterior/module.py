"""Planar flows of a posterior sample, and the bound with their log-determinants.

Rezende & Mohamed 2015, "Variational inference with normalizing flows", equations 10 to 15 and appendix A.1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

from torch.nn import functional

from aestudio.objectives import likelihood
from aestudio.objectives.gaussian_code_module import GaussianCodeModule
from aestudio.objectives.kl_terms import warm_up
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.flow_posterior.config import FlowPosterior
    from aestudio.recipes.architecture import Architecture

_SHIFT = math.log(math.e - 1)
_SMALLEST = 1e-12


class Moved(NamedTuple):
    """Codes (B, L) after a flow, and the logarithm of its Jacobian determinant at each of them, (B,)."""

    codes: Tensor
    log_determinant: Tensor


def planar(codes: Tensor, u: Tensor, w: Tensor, b: Tensor) -> Moved:
    """z + u' tanh(w . z + b) of codes z (B, L); u, w (B, L), b (B,), one flow for each of them.

    u' is u, changed along w so that w . u' = m(w . u) > -1: then the map can be inverted. m(a) = -1 +
    log(1 + (e - 1) exp(a)) has m(0) = 0, unlike that of the source: a flow with u = 0 changes nothing, and u'
    stays near u where w is small.
    """
    along = (w * u).sum(1)
    wanted = functional.softplus(along + _SHIFT) - 1
    u = u + ((wanted - along) / w.square().sum(1).clamp(min=_SMALLEST))[:, None] * w
    height = ((w * codes).sum(1) + b).tanh()
    return Moved(codes + u * height[:, None], ((1 - height.square()) * wanted).log1p())


class FlowPosteriorModule(GaussianCodeModule["FlowPosterior"]):
    """`flow`: features (B, F) -> u, w and b of all flows, (B, K (2 L + 1)). Losses are scalars per image."""

    flow: nn.Module

    def moved(self, codes: Tensor, features: Tensor) -> Moved:
        """Codes (B, L) through all flows of their images; the log-determinants are summed up."""
        total = codes.new_zeros(len(codes))
        for one in self.flow(features).chunk(self.settings.flows, 1):
            u, w, b = one.split([self.latent_size, self.latent_size, 1], 1)
            codes, log_determinant = planar(codes, u, w, b[:, 0])
            total = total + log_determinant
        return Moved(codes, total)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        """Where the flows bring the mean of the Gaussian."""
        return Code(self.moved(super().code(features, condition).mean, features).codes)

    def draw(self, features: Tensor, batch: Batch) -> tuple[Moved, Tensor]:
        """A code of each image after all flows, and log q(zK|x) - log p(zK) there, (B,)."""
        mean, log_variance = super().code(features)
        assert log_variance is not None
        first = likelihood.reparameterise(mean, log_variance, batch.noise)
        moved = self.moved(first, features)
        squares = (first - mean).square() * (-log_variance).exp()
        # The terms with 2 pi cancel.
        ratio = 0.5 * (moved.codes.square() - squares - log_variance).sum(1)
        return moved, ratio - moved.log_determinant

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        moved, each = self.draw(network.features(batch.images), batch)
        distance = self.reconstruction(network.logits(moved.codes), batch.images)
        kl = each.mean()
        return {
            "loss": distance + batch.live["beta"] * kl,
            "reconstruction": distance,
            "kl": kl,
            "log_determinant": moved.log_determinant.mean(),
            "negative_elbo": distance + kl,
        }

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        moved, kl = self.draw(network.features(batch.images), batch)
        distance = self.image_loss(network.logits(moved.codes).double(), batch.images.double())
        return distance + kl.double()

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warm_up(self.settings, step, steps_per_epoch, live)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return FlowPosteriorModule(cast("FlowPosterior", architecture.recipe.objective), architecture)
