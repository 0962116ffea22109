"""The negative evidence lower bound of two levels, and codes in standard deviations of the level above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


def kl_of_normals(mean: Tensor, log_variance: Tensor, other: Tensor, other_log_variance: Tensor) -> Tensor:
    """KL(N(mean, exp(log_variance)) || N(other, exp(other_log_variance))) in nats per image, a scalar."""
    ratio = (log_variance - other_log_variance).exp()
    distance = (mean - other).square() * (-other_log_variance).exp()
    return 0.5 * (ratio + distance - 1 + other_log_variance - log_variance).sum() / len(mean)


class TwoLevelModule(ObjectiveModule):
    """Shapes: z2 and its moments (B, T), z1 and its moments (B, L), codes (B, T + L)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.top, self.bottom = (level.size for level in architecture.latent.levels)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        mean, log_variance = self.head(features).chunk(2, 1)
        top_mean, top_log_variance = self.upward(mean).chunk(2, 1)
        above, above_log_variance = self.downward(top_mean).chunk(2, 1)
        deviation = (mean - above) * (-0.5 * above_log_variance).exp()
        return Code(
            torch.cat([top_mean, deviation], 1),
            torch.cat([top_log_variance, log_variance - above_log_variance], 1),
        )

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        top, deviation = codes.split([self.top, self.bottom], 1)
        mean, log_variance = self.downward(top).chunk(2, 1)
        return mean + (0.5 * log_variance).exp() * deviation

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.head(network.features(batch.images)).chunk(2, 1)
        bottom = likelihood.reparameterise(mean, log_variance, batch.noise)
        top_mean, top_log_variance = self.upward(bottom).chunk(2, 1)
        top = likelihood.reparameterise(top_mean, top_log_variance, batch.noise)
        above = self.downward(top).chunk(2, 1)
        distance = likelihood.cross_entropy(network.logits(bottom), batch.images)
        top_kl = likelihood.kl_to_standard_normal(top_mean, top_log_variance)
        bottom_kl = kl_of_normals(mean, log_variance, *above)
        loss = distance + top_kl + bottom_kl
        return {"loss": loss, "reconstruction": distance, "top_kl": top_kl, "bottom_kl": bottom_kl}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return TwoLevelModule(architecture)
