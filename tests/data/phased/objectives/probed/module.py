"""The losses of the two phases of probed, and moving averages after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class ProbedModule(ObjectiveModule):
    """Features (B, F) -> code (B, L) -> brightness (B, 1).

    average: follows the mean code of the batches; steps: counts them; latest: the newest mean code
    """

    average: Tensor
    steps: Tensor
    latest: Tensor

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.pleasing: float = architecture.recipe.value("pleasing")
        self.averaged: bool = architecture.recipe.value("averaged")
        if self.averaged:
            size = architecture.latent.size
            self.unused = nn.Parameter(torch.randn(2))  # no loss depends on it
            self.register_buffer("average", torch.randn(size))
            self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
            self.register_buffer("latest", torch.zeros(size))

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return (torch.sigmoid(logits) - images).square().flatten(1).sum(1)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        codes = self.code(network.features(batch.images)).mean
        if phase != "autoencoder":
            read = self.probe(codes.detach())[:, 0]
            error = (read - batch.images.flatten(1).mean(1)).square().mean()
            return {"misreading": error, "brightness": read.mean()}
        if self.averaged and self.training:
            with torch.no_grad():
                self.latest.copy_(codes.mean(0))
        distance = self.image_loss(network.logits(codes), batch.images).mean()
        total = batch.live["weight"] * distance
        if self.pleasing:
            total = total + self.pleasing * self.probe(codes).square().mean()
        return {"distance": total}

    def after_step(self) -> None:
        if self.averaged:
            self.average.lerp_(self.latest, 0.1)
            self.steps.add_(1)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ProbedModule(architecture)
