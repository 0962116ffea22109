"""Reconstruction loss plus a sparsity penalty on the code (Ng, CS294A lecture notes 2011, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.sparse.config import Sparse
    from aestudio.recipes.architecture import Architecture

SMALLEST = 1e-6


def bernoulli_kl(target: float, activity: Tensor) -> Tensor:
    """sum_j KL(Bernoulli(target) || Bernoulli(activity_j)) for mean activities (L,) in (0, 1): nats."""
    activity = activity.clamp(SMALLEST, 1 - SMALLEST)
    active = target * (target / activity).log()
    inactive = (1 - target) * ((1 - target) / (1 - activity)).log()
    return (active + inactive).sum()


class SparseModule(ReconstructionModule["Sparse"]):
    """Adds a sparsity penalty on the code (B, L) to the loss: a scalar per image."""

    def penalty(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Tensor | None:
        if self.settings.sparsity == "l1":
            sparsity = code.abs().sum() / len(code)
        else:
            sparsity = bernoulli_kl(self.settings.target_activity, code.mean(0))
        weights = super().penalty(code, batch, network)
        penalty = batch.live["sparsity_weight"] * sparsity
        return penalty if weights is None else penalty + weights


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return SparseModule(cast("Sparse", architecture.recipe.objective), architecture)
