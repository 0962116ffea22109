"""The encoder receives a corrupted image; the loss compares with the clean one (Vincent et al. 2008)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.corruption import corrupt
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.denoising.config import Denoising
    from aestudio.objectives.objective_module import Batch, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class DenoisingModule(ReconstructionModule["Denoising"]):
    """Reconstruction of images (B, C, H, W) from corrupted ones."""

    def corrupted(self, batch: Batch) -> Tensor:
        return corrupt(batch.images, self.settings.noise, batch.live["noise_strength"], batch.noise)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return DenoisingModule(cast("Denoising", architecture.recipe.objective), architecture)
