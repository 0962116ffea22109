"""Arrays for training and test images, allocated once and filled in the order of the user's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import ImageSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.label_table import LabelTable

UNLABELLED = -1
"""The class of each image of a part without labels, beside another part that has some."""


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

    def image_sets(self, table: LabelTable) -> tuple[ImageSet, ImageSet]:
        """Training and test part with their labels and attributes, which are in the order of the file."""
        return self._image_set(self.train, ~self.is_test, table), self._image_set(
            self.test, self.is_test, table
        )

    def _image_set(self, images: NDArray[np.uint8], chosen: NDArray[np.bool_], table: LabelTable) -> ImageSet:
        classes = None if table.classes is None else table.classes[chosen]
        if classes is not None and len(classes) and classes[0] == UNLABELLED:
            classes = None
        attributes = None if table.attributes is None else table.attributes[chosen]
        names = table.names if classes is not None else ()
        return ImageSet(images, classes, names, attributes, table.attribute_names)
