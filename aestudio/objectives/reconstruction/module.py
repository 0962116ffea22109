"""The plain autoencoder's loss, and the base of those that add a price to it."""

from __future__ import annotations

from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, ObjectiveModule, Parts
from aestudio.objectives.reconstruction.config import Reconstruction

SettingsType = TypeVar("SettingsType", bound=Reconstruction)

ACTIVATIONS = {"linear": nn.Identity(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU()}


class ReconstructionModule(ObjectiveModule, Generic[SettingsType]):
    """Distance between the picture and what comes back, plus lambda times the squared weights."""

    def __init__(self, settings: SettingsType, features: int, latent_size: int) -> None:
        super().__init__()
        self.settings = settings
        self.head = nn.Linear(features, latent_size)
        self.activation = ACTIVATIONS[settings.code_activation]

    def code(self, features: Tensor) -> Code:
        return Code(self.activation(self.head(features)))

    def picture(self, logits: Tensor) -> Tensor:
        return logits.clamp(0, 1) if self.settings.output == "linear" else torch.sigmoid(logits)

    def distance(self, logits: Tensor, images: Tensor) -> Tensor:
        """Distance per image; a linear output is compared as it is, not cut off."""
        if self.settings.distance == "cross_entropy":
            return likelihood.cross_entropy(logits, images)
        means = logits if self.settings.output == "linear" else torch.sigmoid(logits)
        return likelihood.squared_error(means, images)

    def seen(self, batch: Batch) -> Tensor:
        """What the encoder gets to see of the batch."""
        return batch.images

    def penalty(self, code: Tensor, batch: Batch, parts: Parts) -> Tensor | None:  # noqa: ARG002 - for heirs
        """A price added to the distance, or None."""
        if self.settings.weight_penalty == 0:
            return None
        squares = [weight.square().sum() for weight in parts.weights()]
        return self.settings.weight_penalty * torch.stack(squares).sum()

    def terms(self, batch: Batch, parts: Parts) -> dict[str, Tensor]:
        code = self.code(parts.features(self.seen(batch))).mean
        distance = self.distance(parts.logits(code), batch.images)
        penalty = self.penalty(code, batch, parts)
        if penalty is None:
            return {"loss": distance, "reconstruction": distance}
        return {"loss": distance + penalty, "reconstruction": distance, "penalty": penalty}


def build(settings: Reconstruction, features: int, latent_size: int) -> ObjectiveModule:
    """The module of the declaration."""
    return ReconstructionModule(settings, features, latent_size)
