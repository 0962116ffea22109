"""Drawings, examples and bookmarks of images of another shape than the shown model's: kept, but not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.datasets.image_shape import ImageShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

translate = QCoreApplication.translate


def unused_reason(image: NDArray[np.uint8] | None, shape: ImageShape) -> str:
    """Why an image, uint8 (C, H, W), is not used with a model of images of this shape; "" if it is."""
    if image is None or image.shape == shape.array:
        return ""
    text = translate(
        "other shape", "Made for images of {}, and this model's are {}: it is kept, and not used here."
    )
    return text.format(size_of(image), shape)


def size_of(image: NDArray[np.uint8]) -> str:
    """The size of an image, uint8 (C, H, W), as a text."""
    channels, height, width = image.shape
    return str(ImageShape(channels, height, width))


def fitted(image: NDArray[np.uint8], shape: ImageShape) -> NDArray[np.uint8]:
    """A copy for the eye of an image, uint8 (C, H, W), as large as fits into this shape, on black.

    Its pixels are repeated or left out, its proportions kept; colour becomes grey where the shape is grey.
    """
    _, height, width = image.shape
    scale = min(shape.height / height, shape.width / width)
    high, wide = max(1, round(height * scale)), max(1, round(width * scale))
    rows = np.arange(high) * height // high
    columns = np.arange(wide) * width // wide
    smaller = image[:, rows[:, None], columns]
    if shape.grey:
        smaller = np.rint(smaller.mean(axis=0, keepdims=True)).astype(np.uint8)
    placed = np.zeros(shape.array, np.uint8)
    top, left = (shape.height - high) // 2, (shape.width - wide) // 2
    placed[:, top : top + high, left : left + wide] = smaller
    return placed
