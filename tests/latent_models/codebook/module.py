"""The codebook: 8 entries of 4 numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Code, ObjectiveModule
from tests.latent_models.codebook.config import ENTRIES, WIDTH

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class CodebookModule(ObjectiveModule):
    """Codes (B, 6) are indices of entries; points are those entries (B, 24)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(architecture)
        self.codebook = nn.Embedding(ENTRIES, WIDTH)

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        vectors = self.head(features).view(-1, WIDTH)
        nearest = torch.cdist(vectors, self.codebook.weight).argmin(1)
        return Code(nearest.view(len(features), -1).float())

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        return self.points(codes)

    def points(self, codes: Tensor) -> Tensor:
        return self.codebook(codes.long()).flatten(1)

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return CodebookModule(architecture)
