"""The variational loss with the class given to encoder and decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.conditioning import with_channels
from aestudio.objectives.variational.module import VariationalModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import ObjectiveModule
    from aestudio.objectives.variational.config import Variational
    from aestudio.recipes.architecture import Architecture


class ConditionalVariationalModule(VariationalModule):
    """Images (B, C, H, W), condition (B, K): one channel for each class, filled with 1 for the example's."""

    def encoder_input(self, images: Tensor, condition: Tensor | None) -> Tensor:
        return with_channels(images, condition)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ConditionalVariationalModule(cast("Variational", architecture.recipe.objective), architecture)
