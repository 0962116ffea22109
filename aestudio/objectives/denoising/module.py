"""The encoder receives a corrupted image; the loss compares with the clean one (Vincent et al. 2008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.corruption import corrupt
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.denoising.config import Denoising
    from aestudio.objectives.objective_module import Batch, ObjectiveModule


class DenoisingModule(ReconstructionModule["Denoising"]):
    """Reconstruction of images (B, 1, 28, 28) from corrupted ones."""

    def encoder_input(self, batch: Batch) -> Tensor:
        return corrupt(batch.images, self.settings.noise, batch.live["noise_strength"], batch.noise)


def build(settings: Denoising, features: int, latent_size: int) -> ObjectiveModule:
    """The module for these settings."""
    return DenoisingModule(settings, features, latent_size)
