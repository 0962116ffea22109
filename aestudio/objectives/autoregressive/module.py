"""The likelihood of a masked network, and drawing from it pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from aestudio.objectives import likelihood
from aestudio.objectives.autoregressive.config import LOSS
from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class AutoregressiveModule(ObjectiveModule):
    """Codes (B, L) are the numbers of images; logits (B, C, H, W): of each, given those before it."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:  # noqa: ARG002 - takes none
        return Code(features)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        grey = batch.images
        drawn = torch.rand(grey.shape, generator=batch.noise, device=grey.device, dtype=grey.dtype)
        images = (drawn < grey).to(grey.dtype)
        return {LOSS: likelihood.cross_entropy(network.logits(network.features(images)), images)}

    def draw_codes(
        self, count: int, generator: torch.Generator, temperature: float, network: NetworkFunctions
    ) -> Tensor:
        """Black and white images as codes (count, L), number by number; each pass decides the next one.

        temperature: the logits are divided by it
        """
        size, device = self.architecture.latent.size, generator.device
        codes = torch.zeros((count, size), device=device)
        drawn = torch.rand((count, size), generator=generator, device=device)
        for number in range(size):
            logits = network.logits(codes).flatten(1)[:, number]
            codes[:, number] = (drawn[:, number] < (logits / temperature).sigmoid()).to(codes.dtype)
        return codes

    def log_density_of_codes(self, codes: Tensor, network: NetworkFunctions) -> Tensor:
        """The logarithm of the probability of each: (B, L) -> (B,), grey levels as mean of what is drawn."""
        logits = network.logits(codes).flatten(1)
        return -functional.binary_cross_entropy_with_logits(logits, codes, reduction="none").sum(1)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return AutoregressiveModule(architecture)
