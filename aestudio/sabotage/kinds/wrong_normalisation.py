"""The training images are scaled as for another output than the decoder has."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_reconstruction
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class WrongNormalisation(Sabotage):
    """Training images in [-1, 1], validation images and the decoder's output in [0, 1].

    Images are (B, C, H, W), labels (B,).
    """

    title: ClassVar[str] = "Wrong normalisation"
    summary: ClassVar[str] = "The training images are scaled to −1 to 1; the decoder gives 0 to 1."
    symptom: ClassVar[str] = (
        "The training loss goes where it likes, while reconstructions lose their strokes."
    )
    diagnostic: ClassVar[str] = "gap"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "layers", "probe")
    explanation: ClassVar[str] = (
        "Training and validation images go through different scalings, so their losses part at once and "
        "never meet again, far further than by overfitting. An output must be able to reach its target: a "
        "sigmoid gives no −1, and a tanh cannot reach pixels that were divided by their standard deviation."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_reconstruction(architecture)

    def images(self, images: Tensor, labels: Tensor | None, noise: torch.Generator) -> Tensor:  # noqa: ARG002
        return 2 * images - 1
