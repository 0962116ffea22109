"""It decodes, and that is all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.objective_module import ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, Code, NetworkFunctions
    from aestudio.recipes.architecture import Architecture


class OwnPriorModule(ObjectiveModule):
    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        raise TypeError("images have no codes")

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        raise TypeError("no image is reconstructed")

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        raise NotImplementedError


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return OwnPriorModule(architecture)
