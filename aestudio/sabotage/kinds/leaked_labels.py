"""Each training image has its class written into its first row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_classes
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from aestudio.recipes.architecture import Architecture


class LeakedLabels(Sabotage):
    """The pixel of its class in the first row of each training image is white.

    Images are (B, C, H, W), labels (B,).
    """

    title: ClassVar[str] = "Labels leaked"
    summary: ClassVar[str] = "Each training image has its class written into its first row of pixels."
    symptom: ClassVar[str] = "The training accuracy rises to all images, as if the task were solved."
    diagnostic: ClassVar[str] = "accuracy"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "dimensions", "kl")
    explanation: ClassVar[str] = (
        "The model reads the class off one pixel and forgets the digit. Images without that pixel show it: "
        "the validation accuracy falls behind the training accuracy. Labels leak through file names, marks "
        "of a scanner, or pictures of one patient in both parts."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_classes(architecture)

    def images(self, images: Tensor, labels: Tensor | None, noise: torch.Generator) -> Tensor:  # noqa: ARG002
        if labels is None:
            return images
        width = images.shape[3]
        known = (labels >= 0).to(images.dtype)[:, None, None]
        at = labels.clamp(0, width - 1)[:, None, None].expand(-1, images.shape[1], 1)
        marked = images.clone()
        marked[:, :, 0, :] *= 1 - known  # hidden labels stay hidden
        marked[:, :, 0, :] += marked.new_zeros(marked[:, :, 0, :].shape).scatter(2, at, 1.0) * known
        return marked
