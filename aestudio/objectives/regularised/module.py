"""Reconstruction, penalties on code and decoder, and a fitted prior (Ghosh et al. 2020).

"From variational to deterministic autoencoders": RAE-L2, and a mixture as prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives.gaussian_mixture import GaussianMixture
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import Batch, NetworkFunctions, ObjectiveModule
    from aestudio.objectives.reconstruction.module import Added
    from aestudio.objectives.regularised.config import Regularised
    from aestudio.recipes.architecture import Architecture


class RegularisedModule(ReconstructionModule["Regularised"]):
    """Codes (B, L); the prior has no part in the gradient; its negative log density, a scalar, is shown."""

    def __init__(self, settings: Regularised, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        self.mixture = GaussianMixture(settings.components, architecture.latent.size)
        self._codes: Tensor | None = None

    def added(self, code: Tensor, batch: Batch, network: NetworkFunctions) -> Added:
        weights = [weight.square().sum() for weight in network.decoder_weights()]
        if self.training:
            self._codes = code.detach()
        with torch.no_grad():
            surprise = -self.mixture.log_density(code.detach()).mean().to(code.dtype)
        return {
            "code_size": (batch.live["code_penalty"], code.square().sum() / (2 * len(code))),
            "decoder_weights": (
                batch.live["decoder_penalty"],
                torch.stack(weights).sum() if weights else code.new_zeros(()),
            ),
            "prior": (0.0, surprise),
        }

    def after_step(self) -> None:
        """The prior follows the codes of the batch."""
        if self._codes is not None:
            self.mixture.follow(self._codes)

    def sample_prior(self, count: int, generator: torch.Generator, temperature: float) -> Tensor:
        return self.mixture.sample(count, generator, temperature)

    def prior_log_density(self, codes: Tensor) -> Tensor:
        return self.mixture.log_density(codes)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return RegularisedModule(cast("Regularised", architecture.recipe.objective), architecture)
