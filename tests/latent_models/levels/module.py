"""The levels side by side in one code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives import likelihood
from aestudio.objectives.objective_module import Code, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class LevelsModule(ObjectiveModule):
    """Codes (B, 6): 2 numbers of the top level, then 4 of the bottom level."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(self.head(features))

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        return likelihood.cross_entropy_of_images(logits, images)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return LevelsModule(architecture)
