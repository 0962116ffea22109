"""The plain autoencoder's loss, and the base of the losses that add a penalty to it."""

from __future__ import annotations

from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule
from aestudio.objectives.reconstruction.config import Reconstruction

SettingsType = TypeVar("SettingsType", bound=Reconstruction)

ACTIVATIONS = {"linear": nn.Identity(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU()}


class ReconstructionModule(ObjectiveModule, Generic[SettingsType]):
    """Distance between image and reconstruction, plus lambda times the sum of the squared weights.

    Shapes: images and logits (B, 1, 28, 28), features (B, F), codes (B, L); losses are scalars.
    """

    def __init__(self, settings: SettingsType, features: int, latent_size: int) -> None:
        super().__init__()
        self.settings = settings
        self.head = nn.Linear(features, latent_size)
        self.activation = ACTIVATIONS[settings.code_activation]

    def code(self, features: Tensor) -> Code:
        return Code(self.activation(self.head(features)))

    def to_images(self, logits: Tensor) -> Tensor:
        return logits.clamp(0, 1) if self.settings.output == "linear" else torch.sigmoid(logits)

    def distance(self, logits: Tensor, images: Tensor) -> Tensor:
        """Distance per image, a scalar; a linear output is not clipped to [0, 1] before."""
        if self.settings.distance == "cross_entropy":
            return likelihood.cross_entropy(logits, images)
        means = logits if self.settings.output == "linear" else torch.sigmoid(logits)
        return likelihood.squared_error(means, images)

    def encoder_input(self, batch: Batch) -> Tensor:
        """The images (B, 1, 28, 28) that the encoder receives, in [0, 1]."""
        return batch.images

    def penalty(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Tensor | None:  # noqa: ARG002 - for subclasses
        """A scalar that is added to the distance, per image; None for no penalty. code: (B, L)."""
        if self.settings.weight_penalty == 0:
            return None
        squares = [weight.square().sum() for weight in network.weights()]
        return self.settings.weight_penalty * torch.stack(squares).sum()

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        code = self.code(network.features(self.encoder_input(batch))).mean
        distance = self.distance(network.logits(code), batch.images)
        penalty = self.penalty(code, batch, network)
        if penalty is None:
            return {"loss": distance, "reconstruction": distance}
        return {"loss": distance + penalty, "reconstruction": distance, "penalty": penalty}


def build(settings: Reconstruction, features: int, latent_size: int) -> ObjectiveModule:
    """The module for these settings."""
    return ReconstructionModule(settings, features, latent_size)
