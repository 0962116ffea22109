"""Its losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class FactorModule(ObjectiveModule):
    """Features (B, F) -> code (B, L)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        code = self.code(network.features(batch.images)).mean
        images = self.to_images(network.logits(self.decoder_input(code, batch.condition)))
        return {"loss": likelihood.squared_error(images, batch.images)}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return FactorModule(architecture)
