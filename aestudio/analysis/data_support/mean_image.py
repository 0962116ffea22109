"""Whether a model tells images apart: its reconstructions against the mean image, the best constant answer.

An untrained model, or a VAE whose code has collapsed, decodes nearly the same image from every code. How near
a code is to those of the data then says nothing about the decoded image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.metrics import squared_error_per_image
from aestudio.inference.chunks import chunks
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.types import Condition

MARGIN = 0.05
"""A model is better than the mean image if its error is smaller by this share: less is not to be seen."""


@dataclass(frozen=True)
class MeanImageComparison:
    """Mean squared errors per number of an image in [0, 1], over the same images.

    model: of the reconstructions; mean_image: of the mean of the training images, for every image
    """

    model: float
    mean_image: float

    @property
    def better(self) -> bool:
        """Whether the model reconstructs images clearly better than their mean does."""
        return self.model < (1 - MARGIN) * self.mean_image


def mean_image_of(images: NDArray[np.uint8], progress: Progress = silent) -> NDArray[np.float64]:
    """The mean of N >= 1 images uint8 (N, C, H, W): float64 (C, H, W) in [0, 1].

    Raises what `progress` raises.
    """
    total = np.zeros(images.shape[1:])
    for chunk in chunks(len(images), progress, "Adding the images up"):
        total += images[chunk].sum(axis=0, dtype=np.float64)
    return total / (255 * len(images))


def compare_with_mean_image(
    frozen_model: FrozenModel,
    images: NDArray[np.uint8],
    codes: NDArray[np.float32],
    mean_image: NDArray[np.float64],
    condition: Condition | None = None,
) -> MeanImageComparison:
    """The errors over images uint8 (N, C, H, W) with these codes float32 (N, L); the mean is (C, H, W).

    condition: float32 (N, K), what a conditional model is told of the images
    """
    decoded = frozen_model.decode_exactly(codes, condition)
    constant = np.broadcast_to(mean_image, images.shape)
    size = images[0].size
    return MeanImageComparison(
        float(squared_error_per_image(images, decoded).mean()) / size,
        float(squared_error_per_image(images, constant).mean()) / size,
    )
