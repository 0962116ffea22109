"""Its losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives import likelihood
from aestudio.objectives.conditioning import with_channels
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class LabelVAEModule(ObjectiveModule):
    """Features (B, F) -> Gaussian code (B, L)."""

    def encoder_input(self, images: Tensor, condition: Tensor | None) -> Tensor:
        return with_channels(images, condition)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        mean, log_variance = self.head(features).split(self.architecture.latent.size, dim=1)
        return Code(mean, log_variance)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        mean, log_variance = self.code(network.features(self.encoder_input(batch.images, batch.condition)))
        assert log_variance is not None
        sample = likelihood.reparameterise(mean, log_variance, batch.noise)
        logits = network.logits(self.decoder_input(sample, batch.condition))
        distance = likelihood.cross_entropy(logits, batch.images)
        kl = likelihood.kl_to_standard_normal(mean, log_variance)
        return {"loss": distance + kl, "reconstruction": distance}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return LabelVAEModule(architecture)
