"""How far the codes are from orthogonal (Wang et al. 2019, "Clustering with orthogonal autoencoder")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.orthogonal.config import Orthogonal
    from aestudio.objectives.reconstruction.module import Added
    from aestudio.recipes.architecture import Architecture


def deviation(codes: Tensor) -> Tensor:
    """||Z^T Z / B - I||_F^2 of codes Z (B, L): a scalar.

    Of a batch, so it is larger than that of all images by about (||C||^2 + (tr C)^2) / B, with
    C = E[z z^T]. An estimate without this bias has no minimum: it rewards a single long code without bound.
    """
    count, size = codes.shape
    products = codes.T @ codes / count
    return (products - torch.eye(size, dtype=codes.dtype, device=codes.device)).square().sum()


class OrthogonalModule(ReconstructionModule["Orthogonal"]):
    """Adds lambda ||E[z z^T] - I||_F^2 to the distance: scalars per image."""

    def added(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Added:  # noqa: ARG002 - of codes alone
        return {"correlation": (batch.live["orthogonality"], deviation(code))}


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return OrthogonalModule(cast("Orthogonal", architecture.recipe.objective), architecture)
