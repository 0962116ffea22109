"""The losses of the two phases of probed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class ProbedModule(ObjectiveModule):
    """Features (B, F) -> code (B, L) -> brightness (B, 1)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return (torch.sigmoid(logits) - images).square().flatten(1).sum(1)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        codes = self.code(network.features(batch.images)).mean
        if phase == "autoencoder":
            distance = self.image_loss(network.logits(codes), batch.images).mean()
            return {"distance": batch.live["weight"] * distance}
        read = self.probe(codes.detach())[:, 0]
        error = (read - batch.images.flatten(1).mean(1)).square().mean()
        return {"misreading": error, "brightness": read.mean()}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ProbedModule(architecture)
