"""Relaxed draws of categories, and their KL to even chances.

Jang et al. 2017, "Categorical reparameterization with Gumbel-softmax", section 2 and equation 2; Maddison et
al. 2017, "The concrete distribution".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor
from torch.nn import functional

from aestudio.objectives import likelihood
from aestudio.objectives.kl_terms import warm_up, with_free_bits
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.objectives.categorical_variational.config import CategoricalVariational
    from aestudio.recipes.architecture import Architecture

TEMPERATURE = "temperature_now"
"""The live value of the temperature at a step."""


def gumbel(shape: torch.Size, like: Tensor, noise: torch.Generator | None) -> Tensor:
    """Draws of the standard Gumbel distribution, -log(-log u), of this shape, such as (B, N, K)."""
    tiny = torch.finfo(like.dtype).tiny
    drawn = torch.rand(shape, generator=noise, device=like.device, dtype=like.dtype)
    return -(-drawn.clamp(min=tiny).log()).clamp(min=tiny).log()


def kl_to_even_chances(logs: Tensor) -> Tensor:
    """log K - H(q_n) of each number of each image in nats: log-probabilities (B, N, K) -> (B, N)."""
    return (logs.exp() * logs).sum(2) + math.log(logs.shape[2])


class CategoricalVariationalModule(ObjectiveModule):
    """Shapes: log-probabilities (B, N, K), codes (B, N) whole numbers, what is decoded (B, N K)."""

    def __init__(self, settings: CategoricalVariational, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = settings

    def _logs(self, features: Tensor) -> Tensor:
        return self.head(features).unflatten(1, (-1, self.settings.categories)).log_softmax(2)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        """The most probable category of each number."""
        return Code(self._logs(features).argmax(2).float())

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:  # noqa: ARG002
        return self.points(codes)

    def points(self, codes: Tensor) -> Tensor:
        """Categories (B, N) -> one number for each of them, 1 for those that are taken: (B, N K)."""
        return functional.one_hot(codes.long(), self.settings.categories).flatten(1).float()

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def _drawn(self, logs: Tensor, batch: Batch) -> Tensor:
        """What is decoded in training, or a draw of the posterior in an evaluation: (B, N K)."""
        scores = logs + gumbel(logs.shape, logs, batch.noise)
        if not self.training:
            # The category with the largest score is one drawn by its probability.
            return functional.one_hot(scores.argmax(2), logs.shape[2]).flatten(1).to(logs.dtype)
        temperature = batch.live.get(TEMPERATURE, self.settings.last_temperature)
        return (scores / temperature).softmax(2).flatten(1)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        logs = self._logs(network.features(batch.images))
        distance = likelihood.cross_entropy(network.logits(self._drawn(logs, batch)), batch.images)
        each = kl_to_even_chances(logs)
        kl = each.sum(1).mean()
        # Runs of versions without free bits have no value for them.
        penalty = with_free_bits(kl, lambda: each.mean(0), batch.live.get("free_bits", 0.0))
        return {
            "loss": distance + batch.live["beta"] * penalty,
            "reconstruction": distance,
            "kl": kl,
            "negative_elbo": distance + kl,
        }

    def negative_elbo_of_images(self, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        logs = self._logs(network.features(batch.images))
        logits = network.logits(self._drawn(logs, batch)).double()
        return self.image_loss(logits, batch.images.double()) + kl_to_even_chances(logs.double()).sum(1)

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        warm_up(self.settings, step, steps_per_epoch, live)
        first, last = self.settings.first_temperature, self.settings.last_temperature
        steps = self.settings.cooling_epochs * steps_per_epoch
        share = min(1.0, step / steps) if steps else 1.0
        live[TEMPERATURE] = first * (last / first) ** share


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    settings = cast("CategoricalVariational", architecture.recipe.objective)
    return CategoricalVariationalModule(settings, architecture)
