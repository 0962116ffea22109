"""The decoder's first layer has hardly any unit left."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import first_product, no_wide_decoder, outputs_first
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from torch import nn

    from aestudio.recipes.architecture import Architecture

LEFT = 3


class WeakDecoder(Sabotage):
    """All but three units of the decoder's first layer are switched off."""

    title: ClassVar[str] = "Decoder too weak"
    summary: ClassVar[str] = f"All but {LEFT} units of the decoder's first layer are switched off."
    symptom: ClassVar[str] = "Reconstructions are blurred, and training longer does not help."
    diagnostic: ClassVar[str] = "probe"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "gap", "elbo")
    explanation: ClassVar[str] = (
        "Training and validation loss are high together, so it is no overfitting. The linear probe still "
        "reads the class from the code: the encoder knows the digit, and what comes after the code cannot "
        "draw it."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_wide_decoder(architecture)

    def change_weights(self, encoder: nn.Module, decoder: nn.Module | None) -> None:  # noqa: ARG002
        if decoder is None:
            return
        product = first_product(decoder)
        outputs_first(product)[LEFT:] = 0
        product.bias[LEFT:] = 0
