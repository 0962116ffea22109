"""The losses of both phases, and moving averages after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture


class TwoPhasesModule(ObjectiveModule):
    """`average` follows the mean code of the batches, `steps` counts them."""

    average: Tensor
    steps: Tensor
    latest: Tensor

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        size = architecture.latent.size
        self.unused = nn.Parameter(torch.randn(2))  # no loss depends on it
        self.register_buffer("average", torch.randn(size))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.register_buffer("latest", torch.zeros(size))

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        critic: Any = self.critic
        codes = self.code(network.features(batch.images)).mean
        if phase == "critic":
            noise = torch.randn(codes.shape, generator=batch.noise, device=codes.device)
            scores = critic(codes.detach()) - critic(noise)
            return {"critic_loss": (scores - 1).square().mean()}
        if self.training:
            with torch.no_grad():
                self.latest.copy_(codes.mean(0))
        distance = likelihood.squared_error(torch.sigmoid(network.logits(codes)), batch.images)
        return {
            "loss": distance + batch.live["pleasure"] * critic(codes).square().mean(),
            "reconstruction": distance,
        }

    def after_step(self) -> None:
        self.average.lerp_(self.latest, 0.1)
        self.steps.add_(1)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return TwoPhasesModule(architecture)
