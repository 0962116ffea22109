"""Cross-entropy of the ten classes, and the share of images classified correctly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn import functional

from aestudio.errors import StudioError
from aestudio.objectives.classification.config import CLASSES
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.objectives.classification.config import Classification


class ClassificationModule(ObjectiveModule):
    """Features (B, F) -> class logits (B, 10)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.head = nn.Linear(features, CLASSES)

    def code(self, features: Tensor) -> Code:
        return Code(self.head(features))

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if batch.labels is None:
            raise StudioError(
                "A classifier needs labels, and these images have none",
                where="dataset",
                advice="Choose a data set with labels, or another recipe.",
            )
        logits = self.code(network.features(batch.images)).mean
        accuracy = (logits.argmax(1) == batch.labels).float().mean()
        return {"loss": functional.cross_entropy(logits, batch.labels), "accuracy": accuracy}


def build(settings: Classification, features: int, latent_size: int) -> ObjectiveModule:  # noqa: ARG001
    """The module for these settings."""
    return ClassificationModule(features)
