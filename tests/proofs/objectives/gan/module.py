"""The losses of critic and generator, from logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture


class GanModule(ObjectiveModule):
    """Critic: -log D(x) - log(1 - D(G(z))); generator: -log D(G(z)), z ~ N(0, I)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        raise TypeError("a GAN has no codes of images")

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        raise TypeError("a GAN reconstructs no image")

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        shape = (len(batch.images), self.architecture.latent.size)
        codes = torch.randn(shape, generator=batch.noise, device=batch.images.device)
        if phase == "generator":
            fakes = self.head(network.features(self.to_images(network.logits(codes))))
            return {"generator_loss": functional.softplus(-fakes).mean()}
        with torch.no_grad():
            images = self.to_images(network.logits(codes))
        real, fakes = self.head(network.features(batch.images)), self.head(network.features(images))
        accuracy = ((real > 0).float().mean() + (fakes < 0).float().mean()) / 2
        loss = functional.softplus(-real).mean() + functional.softplus(fakes).mean()
        return {"critic_loss": loss, "critic_accuracy": accuracy}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return GanModule(architecture)
