"""The first images and their reconstructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.requests.subjects import OfImages
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class ReconstructionRow(OfImages):
    """The first images of the set, then their reconstructions: uint8 (2 * count, C, H, W).

    Only the images, uint8 (count, C, H, W), if the model decodes nothing; only images decoded from the same
    samples of its prior if it does not encode images.
    """

    channel: ClassVar[str] = "reconstruction row"
    urgent: ClassVar[bool] = False
    count: int

    def compute(self, cache: InferenceCache, progress: Progress) -> NDArray[np.uint8]:
        """Images uint8 (2 * count, C, H, W), or (count, C, H, W) if the model decodes nothing."""
        frozen_model = cache.frozen_model(self.snapshot)
        images = require_shape(self.snapshot, self.image_set.images[: self.count])
        architecture = self.snapshot.architecture
        if not architecture.decodes:
            return images
        shown = part_of(self.image_set, slice(self.count))
        condition = condition_of_set(architecture, shown)
        if not architecture.encodes:
            prior = architecture.latent.prior or NormalPrior(architecture.latent.size)
            return frozen_model.decode(prior.sample(len(images), np.random.default_rng(0)), condition)
        return np.concatenate([images, frozen_model.reconstruct(images, condition)])
