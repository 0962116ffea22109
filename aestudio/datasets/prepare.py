"""Scales images to the shape of a set, and detects whether grey ones are dark on light."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.datasets.own_shape import Size, size_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NO_OVERLAP = 1e-9  # of a pixel: rounding
LONGEST_SIDE = 1 << 16  # pixels; scaling needs a table of as many weights for each new pixel


def scaled(images: NDArray[np.uint8], size: Size, area: bool = False) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W) scaled, up or down, to this height and width.

    Antialiased with a triangle filter, as Pillow's BILINEAR; with `area` each pixel of a smaller image is the
    mean of the area that it covers, as Pillow's BOX has it for whole multiples. The result is the same on
    every machine, so that a data set has one fingerprint: the sums are made in one order. A product of
    matrices makes them in an order that depends on the kind of CPU, and a sum near the middle of two greys
    then gives the one or the other.
    """
    if images.shape[-2:] == size:
        return images
    numbers = _resampled(images.astype(np.float32), size[0], -2, area)
    numbers = _resampled(numbers, size[1], -1, area)
    return np.clip(np.rint(numbers, out=numbers), 0, 255, out=numbers).astype(np.uint8)


def _resampled(numbers: NDArray[np.float32], count: int, axis: int, area: bool) -> NDArray[np.float32]:
    """Numbers with this count of pixels along an axis: sums of weighted old ones, in their order."""
    if numbers.shape[axis] == count:
        return numbers
    first, weights = _resampling(numbers.shape[axis], count, area)
    shape = list(numbers.shape)
    shape[axis] = count
    total = np.zeros(shape, np.float32)
    along = [1] * numbers.ndim
    along[axis] = count
    for place in range(weights.shape[1]):
        total += np.take(numbers, first + place, axis=axis) * weights[:, place].reshape(along)
    return total


def fit(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W) scaled so that the longer side is `side`; proportions are kept."""
    height, width = images.shape[-2:]
    scale = side / max(height, width)
    return scaled(images, (max(round(height * scale), 1), max(round(width * scale), 1)))


def fit_shape(images: NDArray[np.uint8], shape: ImageShape, area: bool = False) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W), scaled if necessary, in the middle of black ones of this height and width."""
    height, width = images.shape[-2:]
    return pad(scaled(images, size_within((height, width), shape), area), shape)


def pad(images: NDArray[np.uint8], shape: ImageShape = MNIST.image) -> NDArray[np.uint8]:
    """Images uint8 (..., h, w) that are no larger than the shape, in the middle of black ones of its size."""
    height, width = images.shape[-2:]
    if (height, width) == (shape.height, shape.width):
        return images
    out = np.zeros((*images.shape[:-2], shape.height, shape.width), np.uint8)
    out[(..., *padded((height, width), shape))] = images
    return out


def padded(size: Size, shape: ImageShape) -> tuple[slice, slice]:
    """The rows and columns of an image of this height and width after `pad`."""
    height, width = size
    top, left = (shape.height - height) // 2, (shape.width - width) // 2
    return slice(top, top + height), slice(left, left + width)


def border_middles(images: NDArray[Any]) -> NDArray[Any]:
    """(N, 2): the two greys in the middle of each image's border, whose mean is the border's median.

    Converting greys to bytes keeps their order, so this can be computed before their range is known.
    """
    edges = np.concatenate((images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]), axis=1)
    middle = edges.shape[1] // 2  # of an even number
    return np.partition(edges, (middle - 1, middle), axis=1)[:, middle - 1 : middle + 1]


def light_background(levels: NDArray[np.floating]) -> bool:
    """Whether a set with these border levels (N,) is dark on light: most of its borders are light."""
    return bool(len(levels)) and float(np.mean(levels > 127.5)) > 0.5


@lru_cache(maxsize=2)  # rows and columns: the same for all batches of a set
def _resampling(count: int, new_count: int, area: bool) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The first old pixel of each new one (new_count,), and the weights of it and the next (new_count, k)."""
    scale = count / new_count
    if area and scale > 1:
        # Old pixels reach from j to j + 1, new ones from i * scale to (i + 1) * scale: how much they overlap.
        ends = np.arange(new_count + 1) * scale
        old = np.arange(count)
        weights = np.minimum(old + 1, ends[1:, None]) - np.maximum(old, ends[:-1, None])
        weights[weights < _NO_OVERLAP] = 0
    else:
        support = max(scale, 1.0)
        centres = (np.arange(new_count) + 0.5) * scale
        weights = np.clip(1 - np.abs(np.arange(count) + 0.5 - centres[:, None]) / support, 0, None)
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    used = int((weights > 0).sum(axis=1).max())
    first = np.minimum((weights > 0).argmax(axis=1), count - used)
    return first, np.take_along_axis(weights, first[:, None] + np.arange(used), axis=1)
