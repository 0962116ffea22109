"""A few training images, changed at random as a training with these settings changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress
    from aestudio.recipes.augmentation_settings import Augmentation


@dataclass(frozen=True)
class AugmentedImages:
    """Images drawn from the training set, augmented.

    seed: decides which images, and all random numbers of the augmentation
    """

    channel: ClassVar[str] = "augmented images"
    urgent: ClassVar[bool] = True
    settings: Augmentation
    image_set: ImageSet
    count: int
    seed: int

    @property
    def subject(self) -> Subject:
        return Subject((), None, (self.image_set,), of_images=True)

    def compute(self, cache: InferenceCache, progress: Progress) -> NDArray[np.uint8]:
        """Images uint8 (N, C, H, W), at most `count`. Raises StudioError if torchvision cannot be used."""
        import torch

        from aestudio.training.augmentation import augment
        from aestudio.training.batches import to_tensor, to_unit

        random = np.random.default_rng(self.seed)
        count = min(self.count, len(self.image_set))
        chosen = random.choice(len(self.image_set), count, replace=False)
        images = to_unit(to_tensor(self.image_set.images[chosen], torch.device("cpu")))
        generator = torch.Generator().manual_seed(self.seed)
        augmented = augment(images, self.settings, generator)
        return augmented.mul(255).round().to(torch.uint8).numpy()
