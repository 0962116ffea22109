"""The losses of mean_absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

from .errors import absolute_errors

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class MeanAbsoluteModule(ObjectiveModule):
    """Features (B, F) -> code (B, L); the loss is the mean over the batch of sum |x - sigmoid(logits)|."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return absolute_errors(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        logits = network.logits(self.code(network.features(batch.images)).mean)
        return {"loss": absolute_errors(logits, batch.images).mean()}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return MeanAbsoluteModule(architecture)
