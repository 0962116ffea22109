"""The squared derivatives of the code by the image (Rifai et al. 2011)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from aestudio.layers.reshape import Flatten
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.objectives.contractive.config import Contractive
    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture

# The derivative of each activation, from its result.
SLOPES: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": torch.ones_like,
    "sigmoid": lambda code: code * (1 - code),
    "tanh": lambda code: 1 - code.square(),
    "relu": lambda code: (code > 0).to(code.dtype),
}


class ContractiveModule(ReconstructionModule["Contractive"]):
    """Adds lambda ||J||_F^2 with J = dh/dx (L, D), the derivative of a code by its image: scalars per image.

    One matrix W between image and code: sum_j s'(a_j)^2 sum_i W_ji^2, exactly (for a sigmoid
    s' = h (1 - h)). Otherwise ||J||_F^2 = E ||J^T v||^2 for v of independent signs (Hutchinson 1990).
    """

    def terms(self, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if self._one_matrix is not None:
            code = self.code(network.features(batch.images)).mean
            contraction = self._exact(code, self._one_matrix)
        else:
            code, contraction = self._estimated(batch, network)
        distance = self.distance(network.logits(code), batch.images)
        added = {"contraction": (batch.live["contraction"], contraction)}
        return self.combined(distance, added, code, batch, network)

    @property
    def _one_matrix(self) -> nn.Linear | None:
        flat = all(isinstance(layer, Flatten) for layer in self.architecture.encoder)
        return self.head if isinstance(self.head, nn.Linear) and flat else None

    def _exact(self, code: Tensor, product: nn.Linear) -> Tensor:
        slopes = SLOPES[self.settings.code_activation](code)
        return (slopes.square() @ product.weight.square().sum(1)).mean()

    def _estimated(self, batch: Batch, network: NetworkFunctions) -> tuple[Tensor, Tensor]:
        """Codes (B, L) and the estimate, a scalar. Evaluations are without gradients, and need this one."""
        with torch.enable_grad():
            images = batch.images.detach().requires_grad_()
            code = self.code(network.features(images)).mean
            squares: list[Tensor] = []
            for _ in range(self.settings.probes):
                drawn = torch.rand(code.shape, generator=batch.noise, device=code.device)
                signs = 1 - 2 * (drawn < 0.5).to(code.dtype)
                (slopes,) = torch.autograd.grad(
                    (code * signs).sum(), images, create_graph=self.training, retain_graph=True
                )
                squares.append(slopes.square().sum() / len(images))
            estimate = torch.stack(squares).mean()
        return (code, estimate) if torch.is_grad_enabled() else (code.detach(), estimate.detach())


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ContractiveModule(cast("Contractive", architecture.recipe.objective), architecture)
