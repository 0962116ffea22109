"""Arrays for training and test images, allocated once and filled in the order of the user's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import ImageSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.label_table import LabelTable

TRAIN, TEST, VALIDATION = range(3)
UNLABELLED = -1
"""The class of each image of a part without labels, beside another part that has some."""


class SplitArrays:
    """The images of all parts of a set; which image belongs to which is known before the first is read.

    part_of: int8 (N,), TRAIN, TEST or VALIDATION, of each image
    parts:   uint8 (n, C, H, W) of each of these three
    """

    def __init__(self, part_of: NDArray[np.int8], image: ImageShape) -> None:
        self.part_of = part_of
        counts = np.bincount(part_of, minlength=3).tolist()
        self.parts = tuple(np.empty((count, *image.array), np.uint8) for count in counts)
        self._filled = 0  # of all parts together
        self._done: list[int] = [0, 0, 0]

    def append(self, images: NDArray[np.uint8]) -> None:
        """Add the next images uint8 (n, C, H, W), in the order of the file."""
        part_of = self.part_of[self._filled : self._filled + len(images)]
        for part in (TRAIN, TEST, VALIDATION):
            own, done = part_of == part, self._done[part]
            count = int(np.count_nonzero(own))
            if not count:
                continue
            self.parts[part][done : done + count] = images[own]
            self._done[part] += count
        self._filled += len(images)

    def image_sets(self, table: LabelTable) -> tuple[ImageSet, ImageSet, ImageSet | None]:
        """Training, test and validation part with their labels and attributes, which are in the order of the
        file; None without a validation part."""
        train, test, validation = (
            self._image_set(images, self.part_of == part, table) for part, images in enumerate(self.parts)
        )
        return train, test, validation if len(validation) else None

    def _image_set(self, images: NDArray[np.uint8], chosen: NDArray[np.bool_], table: LabelTable) -> ImageSet:
        classes = None if table.classes is None else table.classes[chosen]
        if classes is not None and len(classes) and classes[0] == UNLABELLED:
            classes = None
        attributes = None if table.attributes is None else table.attributes[chosen]
        names = table.names if classes is not None else ()
        return ImageSet(images, classes, names, attributes, table.attribute_names)
