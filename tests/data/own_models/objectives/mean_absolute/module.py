"""The module of mean_absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from .config import MeanAbsolute


class MeanAbsoluteModule(ObjectiveModule):
    """Features (B, F) -> code (B, L); the loss is the mean over the batch of sum |x - sigmoid(logits)|."""

    def __init__(self, features: int, latent_size: int) -> None:
        super().__init__()
        self.head = nn.Linear(features, latent_size)

    def code(self, features: Tensor) -> Code:
        return Code(self.head(features))

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        logits = network.logits(self.code(network.features(batch.images)).mean)
        errors = (torch.sigmoid(logits) - batch.images).abs()
        return {"loss": errors.sum() / len(batch.images)}


def build(settings: MeanAbsolute, features: int, latent_size: int) -> ObjectiveModule:
    """The module for these settings."""
    return MeanAbsoluteModule(features, latent_size)
