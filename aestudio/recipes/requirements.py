"""What a model can do, asked in one place: sentences and errors about what has no meaning for it. No torch.

Sentences are for people, without a full stop; "" means that nothing stands in the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.latent import Latent

NO_ENCODER = "This model does not encode images"


def no_codes(architecture: Architecture) -> str:
    """Why images have no codes: the model has no encoder, or predicts classes."""
    if not architecture.encodes:
        return NO_ENCODER
    return "" if architecture.latent.exists else architecture.latent.no_sliders


def no_continuous_codes(architecture: Architecture) -> str:
    """Why codes are not numbers that can be measured one by one: images have none, or they are discrete."""
    return no_codes(architecture) or architecture.latent.no_sliders


def require_encoder(architecture: Architecture) -> None:
    """Raises StudioError if the model does not encode images; a classifier does."""
    if not architecture.encodes:
        raise StudioError(
            NO_ENCODER, where=architecture.recipe.title, advice="Choose a model that encodes images."
        )


def require_continuous(architecture: Architecture, what: str) -> None:
    """Raises StudioError if codes are discrete. what: what is not possible then, "they have no mean"."""
    if architecture.latent.choices:
        raise StudioError(
            f"{architecture.latent.no_sliders}, so {what}",
            where=architecture.recipe.title,
            advice="Choose a model whose codes are continuous.",
        )


def has_standard_normal_prior(latent: Latent) -> bool:
    """Whether the prior is N(0, I), not learned, which quantiles and the KL of single dimensions refer to."""
    return latent.prior == NormalPrior(latent.size)


def not_measured(architecture: Architecture) -> tuple[str, ...]:
    """What an evaluation leaves out for this model, and what it contains besides, as whole sentences."""
    sentences: list[str] = []
    if not architecture.encodes:
        sentences.append(f"{NO_ENCODER}, so there is no error of reconstructions.")
    elif not architecture.decodes:
        sentences.append("This model decodes nothing, so there is no error of reconstructions.")
    reason = no_continuous_codes(architecture)
    if reason:
        sentences.append(f"{reason}, so there is no mutual information gap.")
    elif architecture.latent.size == 1:
        sentences.append("A code of one number has no mutual information gap.")
    told = {"none": "", "labels": "class", "factors": "factors"}[architecture.recipe.objective.condition]
    if told:
        sentences.append(f"The model was told the {told} of each image.")
    return tuple(sentences)
