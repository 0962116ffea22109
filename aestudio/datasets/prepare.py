"""Scales grey images to 28x28, and detects whether they are dark on light."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_SIDE = 1 << 16  # pixels; scaling needs a table of as many weights for each new pixel


def fit(images: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Images uint8 (N, H, W) scaled, up or down, so that the longer side is `side`; proportions are kept.

    Antialiased with a triangle filter, as Pillow's BILINEAR.
    """
    height, width = images.shape[1:]
    scale = side / max(height, width)
    rows = _resampling(height, max(round(height * scale), 1))
    columns = _resampling(width, max(round(width * scale), 1))
    scaled = rows @ images.astype(np.float32) @ columns.T  # (N, h, w)
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def pad(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images uint8 (N, h, w) with h, w <= 28 in the middle of black squares of 28x28."""
    out = np.zeros((len(images), SIDE, SIDE), np.uint8)
    out[:, *padded(*images.shape[1:])] = images
    return out


def padded(height: int, width: int) -> tuple[slice, slice]:
    """The rows and columns of an image of this size after `pad`."""
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    return slice(top, top + height), slice(left, left + width)


def border_levels(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The median grey, 0 to 255, of the outermost pixels of images (N, H, W): float64 (N,)."""
    edges = (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1])
    return np.median(np.concatenate(edges, axis=1), axis=1)


def light_background(levels: NDArray[np.floating]) -> bool:
    """Whether a set with these border levels (N,) is dark on light: most of its borders are light."""
    return bool(len(levels)) and float(np.mean(levels > 127.5)) > 0.5


@lru_cache(maxsize=2)  # rows and columns: the same for all batches of a set
def _resampling(count: int, new_count: int) -> NDArray[np.float32]:
    """Weights (new_count, count) of the old pixels in each new one."""
    scale = count / new_count
    support = max(scale, 1.0)
    centres = (np.arange(new_count) + 0.5) * scale
    distance = np.abs(np.arange(count) + 0.5 - centres[:, None]) / support
    weights = np.clip(1 - distance, 0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
