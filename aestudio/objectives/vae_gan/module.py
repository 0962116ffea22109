"""Encoder, decoder and critic of a VAE-GAN (Larsen et al. 2016, arXiv:1512.09300, algorithm 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from aestudio.objectives import likelihood
from aestudio.objectives.adversarial_losses import critic_accuracy, critic_loss, generator_loss
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule
from aestudio.objectives.vae_gan.config import DECODER, ENCODER

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

DECISION = 2
"""Layers of the critic above its features: they are made flat, and judged."""


class VaeGanModule(ObjectiveModule):
    """`critic`: images (B, C, H, W) -> logits (B, 1), above 0 for what it takes for real."""

    critic: nn.Sequential

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        mean, log_variance = self.head(features).split(self.architecture.latent.size, dim=1)
        return Code(mean, log_variance)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.squared_error_of_images(self.to_images(logits), images)

    def features_of(self, images: Tensor) -> Tensor:
        """Images (B, C, H, W) -> the critic's features, maps (B, F, h, w)."""
        return self.critic[:-DECISION](images)

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == ENCODER:
            return self._encoder(batch, network)
        if phase == DECODER:
            return self._decoder(batch, network)
        with torch.no_grad():
            decoded, drawn = self._decoded(batch, network)[0], self._drawn(batch, network)
        real, fake = self.critic(batch.images), self.critic(torch.cat((decoded, drawn)))
        return {
            "critic_loss": critic_loss(real, fake),
            "critic_accuracy": critic_accuracy(real, fake),
        }

    def _encoder(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        decoded, code = self._decoded(batch, network)
        assert code.log_variance is not None
        error = self._feature_error(batch.images, decoded)
        kl = likelihood.kl_to_standard_normal(code.mean, code.log_variance)
        return {
            "encoder_loss": batch.live["beta"] * kl + error,
            "feature_error": error,
            "kl": kl,
            "squared_error": likelihood.squared_error(decoded, batch.images),
        }

    def _decoder(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        decoded, _ = self._decoded(batch, network)
        error = self._feature_error(batch.images, decoded)
        drawn = self._drawn(batch, network)
        deception = generator_loss(self.critic(decoded)) + generator_loss(self.critic(drawn))
        return {
            "decoder_loss": batch.live["feature_weight"] * error + deception,
            "deception": deception,
        }

    def _feature_error(self, images: Tensor, decoded: Tensor) -> Tensor:
        with torch.no_grad():
            wanted = self.features_of(images)
        return likelihood.squared_error(self.features_of(decoded), wanted) / 2

    def _decoded(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Code]:
        """What is decoded of a code of each image, (B, C, H, W), and the posteriors."""
        code = self.code(network.features(batch.images))
        assert code.log_variance is not None
        sample = likelihood.reparameterise(code.mean, code.log_variance, batch.noise)
        return self.to_images(network.logits(sample)), code

    def _drawn(self, batch: Batch, network: NetworkFunctions) -> Tensor:
        """Images (B, C, H, W) of as many draws of the prior."""
        like, size = batch.images, self.architecture.latent.size
        codes = torch.randn((len(like), size), generator=batch.noise, device=like.device, dtype=like.dtype)
        return self.to_images(network.logits(codes))


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return VaeGanModule(architecture)
