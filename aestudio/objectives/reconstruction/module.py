"""The plain autoencoder's loss, and the base of the losses that add a penalty to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule
from aestudio.objectives.reconstruction.config import Reconstruction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    Added = Mapping[str, tuple[float | Tensor, Tensor]]

SettingsType = TypeVar("SettingsType", bound=Reconstruction)

ACTIVATIONS = {"linear": nn.Identity(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU()}


class ReconstructionModule(ObjectiveModule, Generic[SettingsType]):
    """Distance between image and reconstruction, plus lambda times the sum of the squared weights.

    Shapes: images and logits (B, C, H, W), features (B, F), codes (B, L); losses are scalars.
    """

    def __init__(self, settings: SettingsType, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.settings = settings
        self.activation = ACTIVATIONS[settings.code_activation]

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        return Code(self.activation(self.head(features)))

    def to_images(self, logits: Tensor) -> Tensor:
        return logits.clamp(0, 1) if self.settings.output == "linear" else torch.sigmoid(logits)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        if self.settings.distance == "cross_entropy":
            return likelihood.cross_entropy_of_images(logits, images)
        if self.settings.distance == "absolute_error":
            return likelihood.absolute_error_of_images(self.to_images(logits), images)
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    def distance(self, logits: Tensor, images: Tensor) -> Tensor:
        """Distance per image, a scalar; a linear output is not clipped to [0, 1] before."""
        if self.settings.distance == "cross_entropy":
            return likelihood.cross_entropy(logits, images)
        means = logits if self.settings.output == "linear" else torch.sigmoid(logits)
        if self.settings.distance == "absolute_error":
            return likelihood.absolute_error(means, images)
        return likelihood.squared_error(means, images)

    def penalty(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Tensor | None:  # noqa: ARG002 - for subclasses
        """A scalar that is added to the distance, per image; None for no penalty. code: (B, L)."""
        if self.settings.weight_penalty == 0:
            return None
        squares = [weight.square().sum() for weight in network.weights()]
        return self.settings.weight_penalty * torch.stack(squares).sum()

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        told = batch.condition
        features = network.features(self.encoder_input(self.corrupted(batch), told))
        code = self.code(features, told).mean
        distance = self.distance(network.logits(self.decoder_input(code, told)), batch.images)
        return self.combined(distance, self.added(code, batch, network), code, batch, network)

    def added(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Added:  # noqa: ARG002 - for subclasses
        """What a subclass adds to the loss: weight and value, a scalar per image, by the term's name."""
        return {}

    def combined(
        self, distance: Tensor, added: Added, code: Tensor, batch: Batch, network: NetworkFunctions
    ) -> dict[str, Tensor]:
        """All terms: the loss is the distance, the added terms times their weights, and the penalty."""
        loss = distance
        for weight, value in added.values():
            loss = loss + weight * value
        shown = {"reconstruction": distance, **{name: value for name, (_, value) in added.items()}}
        penalty = self.penalty(code, batch, network)
        if penalty is None:
            return {"loss": loss, **shown}
        return {"loss": loss + penalty, **shown, "penalty": penalty}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ReconstructionModule(cast("Reconstruction", architecture.recipe.objective), architecture)
