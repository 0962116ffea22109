"""Cross-entropy of the classes, and the share of images classified correctly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.objectives.labelled_terms import labelled_terms
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class ClassificationModule(ObjectiveModule):
    """Features (B, F) -> class logits (B, classes)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:  # noqa: ARG002 - there is none
        raise TypeError("a classifier decodes no image")

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if batch.labels is None:
            raise StudioError(
                "A classifier needs labels, and these images have none",
                where="dataset",
                advice="Choose a data set with labels, or another recipe.",
            )
        logits = self.code(network.features(batch.images)).mean
        loss, accuracy = labelled_terms(logits, batch.labels, self.some_hidden)
        return {"loss": loss, "accuracy": accuracy}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ClassificationModule(architecture)
