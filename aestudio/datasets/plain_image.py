"""Which image a model is shown with first: one that looks as most of its class do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

AMONG = 60
"""Of the first images: as many come with a shipped model, so that the choice is the same without the data."""

_FEWEST = 2


def plainest(images: NDArray[np.uint8], labels: NDArray[np.int64] | None) -> int:
    """The index of the image that is nearest to the mean of the others of its class.

    images: uint8 (N, C, H, W), of which the first 60 count; labels: int64 (N,), or None for one class

    The squared distance is divided by the image's own sum of squares, or thin strokes would always win. A
    model learns what is common first, so it reconstructs such an image well: of MNIST it is a 0, of the
    built-in digits a 6 (`tests/datasets/test_plain_image.py` measures their errors). 0 if no class has two.
    """
    few = images[:AMONG].reshape(len(images[:AMONG]), math.prod(images.shape[1:])).astype(np.float64)
    classes = np.zeros(len(few), np.int64) if labels is None else labels[:AMONG]
    distances = np.full(len(few), np.inf)
    for label in np.unique(classes):
        rows = np.flatnonzero(classes == label)
        if len(rows) >= _FEWEST:
            own = few[rows]
            others = (own.sum(0) - own) / (len(rows) - 1)
            distances[rows] = ((own - others) ** 2).sum(1) / np.maximum((own**2).sum(1), 1)
    return int(distances.argmin()) if len(few) else 0
