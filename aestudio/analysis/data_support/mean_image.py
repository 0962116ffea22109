"""Whether a model tells images apart: its reconstructions against the mean image, the best constant answer.

An untrained model, or a VAE whose code has collapsed, decodes nearly the same image from every code. How near
a code is to those of the data then says nothing about the decoded image. A conditional model whose code has
collapsed decodes one image for each class: it is compared with the mean image of the class.
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
    of_condition: whether it is the mean of the images with the same condition
    """

    model: float
    mean_image: float
    of_condition: bool = False

    @property
    def better(self) -> bool:
        """Whether the model reconstructs images clearly better than their mean does."""
        return self.model < (1 - MARGIN) * self.mean_image


@dataclass(frozen=True, eq=False)
class MeanImage:
    """The best answer that does not depend on the code.

    image:   float64 (C, H, W) in [0, 1]: the mean of the training images
    by_condition: float64 (K, C, H, W), what each number of a condition adds to it; None without conditions.
             It is fitted by least squares: for classes the answer is the mean image of the class.
    """

    image: NDArray[np.float64]
    by_condition: NDArray[np.float64] | None = None

    def answers(self, count: int, condition: Condition | None) -> NDArray[np.float64]:
        """The answers for images with these conditions, float32 (count, K): float64 (count, C, H, W)."""
        if self.by_condition is None or condition is None:
            return np.broadcast_to(self.image, (count, *self.image.shape))
        return self.image + np.tensordot(condition.astype(np.float64), self.by_condition, axes=1)


def mean_by_condition(
    images: NDArray[np.uint8], condition: Condition | None, progress: Progress = silent
) -> MeanImage:
    """The mean of N >= 1 images uint8 (N, C, H, W) with these conditions, float32 (N, K).

    Raises what `progress` raises.
    """
    if condition is None:
        return MeanImage(mean_image_of(images, progress))
    constant = np.ones((len(images), 1), np.float32)
    known: NDArray[np.float64] = np.concatenate([constant, condition], axis=1).astype(np.float64)
    total = np.zeros((known.shape[1], images[0].size))
    for chunk in chunks(len(images), progress, "Adding the images up"):
        total += known[chunk].T @ images[chunk].reshape(-1, images[0].size).astype(np.float64)
    # The shortest solution: the numbers of all classes together say what the constant says.
    fitted = np.linalg.lstsq(known.T @ known, total / 255, rcond=None)[0].astype(np.float64)
    answers = fitted.reshape(-1, *images.shape[1:])
    return MeanImage(answers[0], answers[1:])


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
    mean_image: MeanImage,
    condition: Condition | None = None,
) -> MeanImageComparison:
    """The errors over images uint8 (N, C, H, W) with these codes float32 (N, L).

    condition: float32 (N, K), what a conditional model is told of the images
    """
    decoded = frozen_model.decode_exactly(codes, condition)
    constant = mean_image.answers(len(images), condition)
    size = images[0].size
    return MeanImageComparison(
        float(squared_error_per_image(images, decoded).mean()) / size,
        float(squared_error_per_image(images, constant).mean()) / size,
        condition is not None and mean_image.by_condition is not None,
    )
