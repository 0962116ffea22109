"""The steps of critic and generator: each is told what the other makes of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.objectives.adversarial_losses import critic_accuracy, critic_loss, generator_loss
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class AdversarialModule(ObjectiveModule):
    """As many images are made as the batch has real ones: (B, C, H, W), from codes (B, L)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002
        raise TypeError("a generative adversarial network has no codes of images")

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:  # noqa: ARG002
        raise TypeError("a generative adversarial network reconstructs no image")

    def made(self, batch: Batch, network: NetworkFunctions) -> Tensor:
        """Images (B, C, H, W) of the generator, from new codes of the prior."""
        return self.made_of(self.drawn(batch), network)

    def drawn(self, batch: Batch) -> Tensor:
        """As many codes (B, L) of the prior N(0, I) as the batch has images."""
        shape, like = (len(batch.images), self.architecture.latent.size), batch.images
        return torch.randn(shape, generator=batch.noise, device=like.device, dtype=like.dtype)

    def made_of(self, codes: Tensor, network: NetworkFunctions) -> Tensor:
        """Codes (B, L) -> the generator's images (B, C, H, W)."""
        return self.to_images(network.logits(self.decoder_input(codes, None)))

    def judged(self, images: Tensor, network: NetworkFunctions) -> Tensor:
        """The critic's logits (B, 1) of images (B, C, H, W): above 0 for what it takes for real."""
        return self.head(network.features(images))

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == "generator":
            return {"generator_loss": generator_loss(self.judged(self.made(batch, network), network))}
        with torch.no_grad():
            made = self.made(batch, network)
        real, fake = self.judged(batch.images, network), self.judged(made, network)
        loss = critic_loss(real, fake, batch.live["label_smoothing"])
        return {"critic_loss": loss, "critic_accuracy": critic_accuracy(real, fake)}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return AdversarialModule(architecture)
