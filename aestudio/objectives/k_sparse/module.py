"""The k largest numbers of each code (Makhzani & Frey 2014, "k-sparse autoencoders")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.objective_module import Code
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.k_sparse.config import KSparse
    from aestudio.objectives.objective_module import ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class KSparseModule(ReconstructionModule["KSparse"]):
    """Codes (B, L) of which at most k numbers are not 0; only those have a gradient."""

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        return Code(largest(super().code(features, condition).mean, self.settings.active_units))


def largest(code: Tensor, count: int) -> Tensor:
    """The `count` largest numbers of each row (B, L), the others 0; all of them if there are no more."""
    if count >= code.shape[1]:
        return code
    values, places = code.topk(count, dim=1)
    return code.new_zeros(code.shape).scatter(1, places, values)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return KSparseModule(cast("KSparse", architecture.recipe.objective), architecture)
