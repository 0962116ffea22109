"""One step of gradient descent as tensors: loss, gradients, clipping, optimiser. No clock, no counting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.objectives.objective_module import Batch
from aestudio.training.augmentation import augment, prepare_augmentation
from aestudio.training.optimisers import clip, gradients_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

    from aestudio.recipes.augmentation_settings import Augmentation
    from aestudio.training.model import Model
    from aestudio.training.optimisers import Optimiser


class Step:
    """Updates the model's weights in place.

    It may be captured in a CUDA graph, so nothing here waits for the device.

    clip_norm:    largest norm of the gradient, 0 for no clipping
    augmentation: how the images are changed before the loss
    """

    def __init__(
        self,
        model: Model,
        optimiser: Optimiser,
        noise: torch.Generator,
        clip_norm: float,
        augmentation: Augmentation,
    ) -> None:
        self.model = model
        self.optimiser = optimiser
        self.noise = noise
        self.clip_norm = clip_norm
        self.augmentation = augmentation
        prepare_augmentation(augmentation)  # a torchvision that cannot be used is known before the first step

    def __call__(
        self,
        images: Tensor,
        labels: Tensor | None,
        rate: float | Tensor,
        live: Mapping[str, float | Tensor],
    ) -> dict[str, Tensor]:
        """Images (B, 1, 28, 28), labels (B,) -> loss terms of this batch, before the step: scalars."""
        images = augment(images, self.augmentation, self.noise)
        terms = self.model.terms(Batch(images, labels, self.noise, live))
        gradients = gradients_of(terms["loss"], self.optimiser.parameters)
        if self.clip_norm > 0:
            clip(gradients, self.clip_norm)
        self.optimiser.step(gradients, rate)
        return {name: value.detach() for name, value in terms.items()}
