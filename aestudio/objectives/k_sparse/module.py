"""The k largest numbers of each code (Makhzani & Frey 2014, "k-sparse autoencoders")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.objective_module import Code
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.k_sparse.config import KSparse
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

ACTIVE = "active_units_now"


class KSparseModule(ReconstructionModule["KSparse"]):
    """Codes (B, L) of which at most k numbers are not 0; only those have a gradient.

    In the first epochs of a training k is larger: the live value ACTIVE, which only steps are told.
    """

    def __init__(self, settings: KSparse, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        self._active: float | Tensor = settings.active_units

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        active = self._active if self.training else self.settings.active_units
        return Code(largest(super().code(features, condition).mean, active))

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        self._active = batch.live.get(ACTIVE, self.settings.active_units)
        return super().terms(batch, network)

    def anneal(self, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
        """From all units to k along a straight line."""
        least, size = self.settings.active_units, self.architecture.latent.size
        steps = self.settings.all_units_epochs * steps_per_epoch
        left = max(0.0, 1 - step / steps) if steps else 0.0
        live[ACTIVE] = float(round(least + left * max(0, size - least)))


def largest(code: Tensor, count: float | Tensor) -> Tensor:
    """The `count` largest numbers of each row (B, L), the others 0; all of them if there are no more."""
    ranks = code.detach().argsort(1, descending=True).argsort(1)
    return code * (ranks < count)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return KSparseModule(cast("KSparse", architecture.recipe.objective), architecture)
