"""The error of hidden patches (He et al. 2022, "Masked autoencoders are scalable vision learners")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor
from torch.nn import functional

from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from aestudio.objectives.masked_patches.config import MaskedPatches
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

GREY = 0.5


class MaskedPatchesModule(ReconstructionModule["MaskedPatches"]):
    """Distances over hidden and over visible patches, scalars per image; their sum is the reconstruction."""

    def corrupted(self, batch: Batch) -> Tensor:
        return torch.where(self._hidden(batch), GREY, batch.images)

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        hidden = self._hidden(batch)
        code = self.code(network.features(torch.where(hidden, GREY, batch.images))).mean
        errors = self.pixel_errors(network.logits(code), batch.images)
        of_hidden, of_visible = ((errors * part).sum() / len(errors) for part in (hidden, ~hidden))
        loss = of_hidden + batch.live["visible_weight"] * of_visible
        shown = {"reconstruction": of_hidden + of_visible, "hidden": of_hidden, "visible": of_visible}
        penalty = self.penalty(code, batch, network)
        if penalty is None:
            return {"loss": loss, **shown}
        return {"loss": loss + penalty, **shown, "penalty": penalty}

    def _hidden(self, batch: Batch) -> Tensor:
        """Which pixels are hidden: (B, 1, H, W)."""
        count, _, height, width = batch.images.shape
        size = self.settings.patch_size
        rows, columns = -(-height // size), -(-width // size)
        hidden = round(self.settings.masked_share * rows * columns)
        drawn = torch.rand((count, rows * columns), generator=batch.noise, device=batch.images.device)
        # The ranks of random numbers are a permutation, so exactly as many are hidden in each image.
        patches = (drawn.argsort(1).argsort(1) < hidden).view(count, 1, rows, columns)
        pixels = patches.repeat_interleave(size, 2).repeat_interleave(size, 3)
        return pixels[:, :, :height, :width]

    def pixel_errors(self, logits: Tensor, images: Tensor) -> Tensor:
        """The distance of each pixel, (B, C, H, W) twice -> same shape."""
        if self.settings.distance == "cross_entropy":
            return functional.binary_cross_entropy_with_logits(logits, images, reduction="none")
        means = logits if self.settings.output == "linear" else torch.sigmoid(logits)
        difference = means - images
        return difference.abs() if self.settings.distance == "absolute_error" else difference.square()


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return MaskedPatchesModule(cast("MaskedPatches", architecture.recipe.objective), architecture)
