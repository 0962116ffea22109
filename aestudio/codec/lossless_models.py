"""Which models compress images without loss, and under which likelihood. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from aestudio.errors import StudioError
from aestudio.objectives.gaussian_code import GaussianCode
from aestudio.recipes.requirements import has_standard_normal_prior

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

PixelLikelihood = Literal["bernoulli", "discretised_logistic"]


def no_lossless(architecture: Architecture) -> str:
    """Why no image can be compressed without loss, a sentence without a full stop; "" if they can."""
    objective, reason = architecture.recipe.objective, ""
    if not (isinstance(objective, GaussianCode) and has_standard_normal_prior(architecture.latent)):
        reason = "only a variational model with the prior N(0, I) has a bound on the bits of an image"
    elif objective.condition != "none":
        reason = "the model is told more than the code"
    elif objective.likelihood not in ("bernoulli", "discretised_logistic"):
        reason = "its likelihood is a density, not a probability of grey levels"
    return f"Images cannot be compressed without loss by this model: {reason}" if reason else ""


def likelihood_of(architecture: Architecture) -> PixelLikelihood:
    """Of a model whose images can be coded without loss; raises StudioError for another one, saying why."""
    reason = no_lossless(architecture)
    if reason:
        raise StudioError(
            reason,
            where=architecture.recipe.title,
            advice="Choose a variational model with a Bernoulli or a discretised logistic likelihood.",
        )
    return cast("PixelLikelihood", cast("GaussianCode", architecture.recipe.objective).likelihood)
