"""The categories, decoded from one number for each, 1 for the one that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Code, ObjectiveModule
from tests.latent_models.categorical.config import CATEGORIES, VARIABLES

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class CategoricalModule(ObjectiveModule):
    """Codes (B, 4) are categories; points have one number for each category of each variable (B, 20)."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features).view(-1, VARIABLES, CATEGORIES).argmax(2).float())

    def decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        return self.points(codes)

    def points(self, codes: Tensor) -> Tensor:
        return nn.functional.one_hot(codes.long(), CATEGORIES).flatten(1).float()

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return CategoricalModule(architecture)
