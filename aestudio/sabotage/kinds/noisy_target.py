"""The images that are to be reconstructed are noisy."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_reconstruction
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture

DEVIATION = 0.4


class NoisyTarget(Sabotage):
    """Noise of standard deviation 0.4 on input and target of a training step, new in each.

    Images are (B, C, H, W), labels (B,).
    """

    title: ClassVar[str] = "Noisy target"
    summary: ClassVar[str] = "The training images get noise, and the noisy image is the target."
    symptom: ClassVar[str] = "The training loss stops at a floor that no size of the model lowers."
    diagnostic: ClassVar[str] = "gap"
    distractors: ClassVar[tuple[str, str, str]] = ("dimensions", "layers", "elbo")
    explanation: ClassVar[str] = (
        "Noise cannot be predicted, so its variance stays in the training loss. The validation images are "
        "clean: their loss lies below that of the training, the wrong way round. A denoising autoencoder "
        "gets the noisy image and is compared with the clean one."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_reconstruction(architecture)

    def images(self, images: Tensor, labels: Tensor | None, noise: torch.Generator) -> Tensor:  # noqa: ARG002
        drawn = images.new_empty(images.shape).normal_(generator=noise)
        return (images + DEVIATION * drawn).clamp(0, 1)
