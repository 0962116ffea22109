"""Arrays for training and test images, allocated once and filled in the order of the user's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import ImageSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape


class SplitArrays:
    """The images of both parts of a set; which image belongs to which is known before the first is read.

    is_test:     bool (N,), whether each image is a test image
    train, test: uint8 (n, C, H, W)
    """

    def __init__(self, is_test: NDArray[np.bool_], image: ImageShape) -> None:
        self.is_test = is_test
        count = int(np.count_nonzero(is_test))
        self.train = np.empty((len(is_test) - count, *image.array), np.uint8)
        self.test = np.empty((count, *image.array), np.uint8)
        self._filled = 0  # of both parts together
        self._tested = 0

    def append(self, images: NDArray[np.uint8]) -> None:
        """Add the next images uint8 (n, C, H, W), in the order of the file."""
        is_test = self.is_test[self._filled : self._filled + len(images)]
        tested, trained = self._tested, self._filled - self._tested
        count = int(np.count_nonzero(is_test))
        self.test[tested : tested + count] = images[is_test]
        self.train[trained : trained + len(images) - count] = images[~is_test]
        self._filled += len(images)
        self._tested += count

    def image_sets(
        self, labels: NDArray[np.int64] | None, names: tuple[str, ...]
    ) -> tuple[ImageSet, ImageSet]:
        """Training and test part with their labels int64 (N,), which are in the order of the file."""
        chosen = [None if labels is None else labels[mask] for mask in (~self.is_test, self.is_test)]
        return ImageSet(self.train, chosen[0], names), ImageSet(self.test, chosen[1], names)
