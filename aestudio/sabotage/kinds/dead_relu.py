"""The first hidden layer of the encoder never fires again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import first_product, no_first_relu
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from torch import nn

    from aestudio.recipes.architecture import Architecture

BIAS = -1000.0


class DeadRelu(Sabotage):
    """All units of the first layer are pushed far below zero, where a ReLU has no gradient."""

    title: ClassVar[str] = "Dead ReLU"
    summary: ClassVar[str] = "The biases of the encoder's first layer are pushed far below zero."
    symptom: ClassVar[str] = "Every image gets the same code and the same reconstruction."
    diagnostic: ClassVar[str] = "layers"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "gap", "accuracy")
    explanation: ClassVar[str] = (
        "A ReLU gives zero below zero, and there its gradient is zero too: the units can never come back. "
        "The pictures of the first hidden layer are empty for every image. It happens after a step that was "
        "too long, or with a ReLU on the code itself."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_first_relu(architecture)

    def change_weights(self, encoder: nn.Module, decoder: nn.Module | None) -> None:  # noqa: ARG002
        first_product(encoder).bias.fill_(BIAS)
