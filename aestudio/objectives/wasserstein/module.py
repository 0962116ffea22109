"""Reconstruction plus the maximum mean discrepancy between codes and prior (Tolstikhin et al. 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.reconstruction.module import Added
    from aestudio.objectives.wasserstein.config import Wasserstein
    from aestudio.recipes.architecture import Architecture

# Of the kernel: with a single one, codes far from the prior would have no gradient, or near ones no detail.
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def kernel(first: Tensor, second: Tensor) -> Tensor:
    """The inverse multiquadratic kernel, summed over scales: (B, L), (B, L) -> (B, B).

    sum_s C / (C + ||x - y||^2) with C = 2 L s: 2 L is the mean squared distance of two codes of N(0, I)
    (Tolstikhin et al. 2018, section 4; the scales are those of the authors' code).
    """
    lengths = first.square().sum(1)[:, None] + second.square().sum(1)[None, :]
    squares = torch.addmm(lengths, first, second.T, alpha=-2).clamp(min=0)
    bounds = [2 * first.shape[1] * scale for scale in SCALES]
    return torch.stack([bound / (bound + squares) for bound in bounds]).sum(0)


def squared_mmd(codes: Tensor, draws: Tensor) -> Tensor:
    """The unbiased estimate of MMD^2 from codes (B, L) and draws of the prior (B, L): a scalar.

    Gretton et al. 2012, eq. 3; below 0 it can be by chance. Of one code it cannot be estimated: 0.
    """
    count = len(codes)
    if count < 2:
        return codes.sum() * 0
    within = [kernel(one, one) for one in (codes, draws)]
    pairs = sum(((each.sum() - each.trace()) / (count * (count - 1)) for each in within), codes.new_zeros(()))
    return pairs - 2 * kernel(codes, draws).mean()


class WassersteinModule(ReconstructionModule["Wasserstein"]):
    """Adds lambda MMD^2 to the distance: scalars per image."""

    def added(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Added:  # noqa: ARG002 - of codes alone
        draws = torch.randn(code.shape, generator=batch.noise, device=code.device, dtype=code.dtype)
        return {"mmd": (batch.live["mmd_weight"], squared_mmd(code, draws))}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return WassersteinModule(cast("Wasserstein", architecture.recipe.objective), architecture)
