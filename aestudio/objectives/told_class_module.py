"""Gaussian codes whose mean and variance depend on the class, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.gaussian_code_module import GaussianCodeModule, SettingsType
from aestudio.objectives.objective_module import Code

if TYPE_CHECKING:
    from torch import Tensor, nn


class ToldClassModule(GaussianCodeModule[SettingsType]):
    """`class_shift`: classes (B, K), 1 for that of the image -> what mean and log-variance get, (B, 2 L)."""

    class_shift: nn.Module

    def code(self, features: Tensor, condition: Tensor | None = None) -> Code:
        assert condition is not None
        return Code(*(self.head(features) + self.class_shift(condition)).split(self.latent_size, dim=1))
