"""Reconstruction, and a critic that tells codes of images from draws of the prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives.adversarial_losses import critic_accuracy, critic_loss, generator_loss
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.objectives.adversarial_autoencoder.config import AdversarialAutoencoder
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class AdversarialAutoencoderModule(ReconstructionModule["AdversarialAutoencoder"]):
    """`critic`: codes (B, L) -> logits (B, 1), above 0 for what it takes for a draw of the prior."""

    critic: nn.Module

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == "autoencoder":
            return self.terms(batch, network)
        if phase == "encoder":
            return {"encoder_loss": generator_loss(self.critic(self._codes(batch, network)))}
        with torch.no_grad():
            codes = self._codes(batch, network)
        draws = torch.randn(codes.shape, generator=batch.noise, device=codes.device, dtype=codes.dtype)
        real, fake = self.critic(draws), self.critic(codes)
        return {"critic_loss": critic_loss(real, fake), "critic_accuracy": critic_accuracy(real, fake)}

    def _codes(self, batch: Batch, network: NetworkFunctions) -> Tensor:
        told = batch.condition
        return self.code(network.features(self.encoder_input(batch.images, told)), told).mean


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return AdversarialAutoencoderModule(
        cast("AdversarialAutoencoder", architecture.recipe.objective), architecture
    )
