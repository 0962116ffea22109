"""Reconstruction plus a price on activity (Ng, CS294A lecture notes 2011, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, ObjectiveModule, Parts
    from aestudio.objectives.sparse.config import Sparse

SMALLEST = 1e-6


def bernoulli_kl(target: float, activity: Tensor) -> Tensor:
    """sum_j KL(Bernoulli(target) || Bernoulli(activity_j)) for mean activities (latent,) in (0, 1)."""
    activity = activity.clamp(SMALLEST, 1 - SMALLEST)
    spoken = target * (target / activity).log()
    silent = (1 - target) * ((1 - target) / (1 - activity)).log()
    return (spoken + silent).sum()


class SparseModule(ReconstructionModule["Sparse"]):
    """Few code units may speak at a time."""

    def penalty(self, code: Tensor, batch: Batch, parts: Parts) -> Tensor | None:
        if self.settings.sparsity == "l1":
            price = code.abs().sum() / len(code)
        else:
            price = bernoulli_kl(self.settings.target_activity, code.mean(0))
        weights = super().penalty(code, batch, parts)
        price = batch.live["sparsity_weight"] * price
        return price if weights is None else price + weights


def build(settings: Sparse, features: int, latent_size: int) -> ObjectiveModule:
    """The module of the declaration."""
    return SparseModule(settings, features, latent_size)
