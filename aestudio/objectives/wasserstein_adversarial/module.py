"""The critic's estimate of the Wasserstein distance, and the penalty that keeps its slope at 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.objectives.adversarial.module import AdversarialModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.recipes.architecture import Architecture


class WassersteinAdversarialModule(AdversarialModule):
    """Terms are scalars, in the critic's own units, averaged over the batch."""

    def phase_terms(self, phase: str, batch: Batch, network: NetworkFunctions) -> dict[str, Tensor]:
        if phase == "generator":
            return {"generator_loss": -self.judged(self.made(batch, network), network).mean()}
        with torch.no_grad():
            made = self.made(batch, network)
        real, fake = self.judged(batch.images, network), self.judged(made, network)
        distance = real.mean() - fake.mean()
        penalty = batch.live["gradient_penalty"] * self.slope_error(batch, made, network)
        return {
            "critic_loss": penalty - distance,
            "wasserstein_distance": distance,
            "slope_penalty": penalty,
        }

    def slope_error(self, batch: Batch, made: Tensor, network: NetworkFunctions) -> Tensor:
        """(|grad f(u)| - 1)^2 at a point u between each real image and a made one (B, C, H, W): a scalar.

        The gradient is over the numbers of u; the result has a gradient in training, not in an evaluation.
        """
        real = batch.images
        share = torch.rand((len(real), 1, 1, 1), generator=batch.noise, device=real.device, dtype=real.dtype)
        learning = torch.is_grad_enabled()
        with torch.enable_grad():
            between = (share * real + (1 - share) * made).detach().requires_grad_()
            total = self.judged(between, network).sum()
            (slopes,) = torch.autograd.grad(total, between, create_graph=learning)
            # Of the square: the root of 0 has no slope.
            lengths = slopes.square().flatten(1).sum(1).clamp(min=1e-12).sqrt()
            error = (lengths - 1).square().mean()
        return error if learning else error.detach()


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return WassersteinAdversarialModule(architecture)
