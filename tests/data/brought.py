"""Images in memory, converted as those in a file are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.pixel_conversion import convert, find_conversion
from aestudio.datasets.reading import Reading
from aestudio.datasets.row_reader import rows_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.progress import Progress


def converted(
    images: NDArray[Any], image: ImageShape | None = None, *, where: str = "", progress: Progress = silent
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images as uint8 (N, C, H, W), and sentences saying what was done."""
    batches: list[NDArray[np.uint8]] = []
    parts = [rows_of(images, where)]
    conversion = find_conversion(parts, Reading(image), progress)
    convert(parts, conversion, lambda batch: batches.append(batch.copy()), progress)
    return np.concatenate(batches), conversion.notes


def bring_to_28(
    images: NDArray[Any], *, where: str = "", progress: Progress = silent
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Images as uint8 (N, 1, 28, 28), as for runs kept before a run recorded its shape, and sentences."""
    return converted(images, MNIST.image, where=where, progress=progress)
