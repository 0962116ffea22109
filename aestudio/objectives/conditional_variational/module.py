"""The variational loss with the class given (Sohn et al. 2015, "Learning structured output representation
using deep conditional generative models", with the image as the output)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aestudio.objectives.told_class_module import ToldClassModule
from aestudio.objectives.variational.module import VariationalModule

if TYPE_CHECKING:
    from aestudio.objectives.objective_module import ObjectiveModule
    from aestudio.objectives.variational.config import Variational
    from aestudio.recipes.architecture import Architecture


class ConditionalVariationalModule(ToldClassModule["Variational"], VariationalModule):
    """Features (B, F) and classes (B, K) make mean and log-variance (B, L); the decoder takes (B, L + K)."""


def build(architecture: Architecture) -> ObjectiveModule:
    """The module of this architecture."""
    return ConditionalVariationalModule(cast("Variational", architecture.recipe.objective), architecture)
