"""The winners of each code unit over a batch (Makhzani & Frey 2015, "Winner-take-all autoencoders")."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from aestudio.objectives.objective_module import Code
from aestudio.objectives.reconstruction.module import ReconstructionModule

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.objectives.objective_module import ObjectiveModule
    from aestudio.objectives.winner_take_all.config import WinnerTakeAll
    from aestudio.recipes.architecture import Architecture

DECAY = 0.95


class WinnerTakeAllModule(ReconstructionModule["WinnerTakeAll"]):
    """Codes (B, L), in training with the winners of the batch only; only those have a gradient.

    thresholds: (L,), moving averages of the smallest winning activity; what decides outside training, so
    that the code of an image does not depend on the others
    """

    thresholds: Tensor

    def __init__(self, settings: WinnerTakeAll, architecture: Architecture) -> None:
        super().__init__(settings, architecture)
        self.register_buffer("thresholds", torch.zeros(architecture.latent.size))
        self._smallest: Tensor | None = None

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        activity = super().code(features, condition).mean
        smallest = self.thresholds
        if self.training:
            winners = max(1, round(self.settings.winner_share * len(activity)))
            smallest = activity.detach().topk(winners, dim=0).values[-1]
            self._smallest = smallest
        return Code(activity * (activity >= smallest))

    def after_step(self) -> None:
        """The thresholds follow those of the batch."""
        if self._smallest is not None:
            self.thresholds.lerp_(self._smallest, 1 - DECAY)


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return WinnerTakeAllModule(cast("WinnerTakeAll", architecture.recipe.objective), architecture)
