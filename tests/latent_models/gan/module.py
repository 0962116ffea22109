"""The generator's module: there is no code of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.objective_module import Code, ObjectiveModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class GeneratorModule(ObjectiveModule):
    """Raises for everything that would need a code of an image."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        raise TypeError("a generator has no code of an image")

    def image_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        raise TypeError("a generator has no loss of an image")


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return GeneratorModule(architecture)
