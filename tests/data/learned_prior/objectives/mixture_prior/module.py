"""The losses of mixture_prior, and how codes are drawn from the mixture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class Mixture(nn.Module):
    """Gaussians with variances of their own: logits (K,), means (K, L), log-deviations (K, L)."""

    def __init__(self, components: int, size: int) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(components))
        self.means = nn.Parameter(torch.randn(components, size))
        self.log_deviations = nn.Parameter(torch.zeros(components, size))

    def log_density(self, codes: Tensor) -> Tensor:
        """Codes (B, L) -> (B,)."""
        scaled = (codes[:, None] - self.means) / self.log_deviations.exp()
        each = -0.5 * (scaled.square() + math.log(2 * math.pi)) - self.log_deviations
        return torch.logsumexp(each.sum(2) + self.logits.log_softmax(0), 1)

    def sample(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        """Codes (count, L)."""
        chosen = torch.multinomial(self.logits.softmax(0), count, replacement=True, generator=generator)
        noise = torch.randn(count, self.means.shape[1], generator=generator)
        return self.means[chosen] + temperature * self.log_deviations.exp()[chosen] * noise


class MixturePriorModule(ObjectiveModule):
    """Features (B, F) -> code (B, L)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.has_density: bool = architecture.recipe.value("has_density")
        self.mixture = Mixture(architecture.recipe.value("components"), architecture.latent.size)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return (torch.sigmoid(logits) - images).square().flatten(1).sum(1)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        codes = self.code(network.features(batch.images)).mean
        if phase == "prior":
            return {"surprise": -self.mixture.log_density(codes.detach()).mean()}
        return {"distance": self.image_loss(network.logits(codes), batch.images).mean()}

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        return self.mixture.sample(count, generator, temperature)

    def prior_log_density(self, codes: Tensor) -> Tensor | None:
        return self.mixture.log_density(codes) if self.has_density else None


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return MixturePriorModule(architecture)
