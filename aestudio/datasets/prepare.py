"""Scales images to the shape of a set, and detects whether grey ones are dark on light."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.datasets.own_shape import Size, size_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DECIMALS = 6  # what is nearer to halfway than that lies halfway; the product in float64 is far more exact
_BLOCK = 1 << 18  # numbers
LONGEST_SIDE = 1 << 16  # pixels; scaling needs a table of as many weights for each new pixel


def scaled(images: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W) scaled, up or down, to this height and width.

    Antialiased with a triangle filter, as Pillow's BILINEAR. The result is the same on every machine: a
    product of matrices rounds by the kind of CPU, so a sum that lies halfway between two greys gives the even
    one.
    """
    if images.shape[-2:] == size:
        return images
    rows = _resampling(images.shape[-2], size[0])
    columns = _resampling(images.shape[-1], size[1])
    flat = images.reshape(-1, *images.shape[-2:])
    result = np.empty((len(flat), *size), np.uint8)
    for index, image in enumerate(flat):
        numbers = _product(rows, image) @ columns.T  # (h, w)
        result[index] = np.clip(np.rint(np.round(numbers, _DECIMALS)), 0, 255)
    return result.reshape(*images.shape[:-2], *size)


def _product(rows: NDArray[np.float64], image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """rows (h, H) @ image (H, W), a block of the image at a time: a large one is not copied as float64."""
    step = max(1, _BLOCK // image.shape[1])
    blocks = range(0, len(image), step)
    return sum(
        (rows[:, begin : begin + step] @ image[begin : begin + step].astype(np.float64) for begin in blocks),
        np.zeros((len(rows), image.shape[1])),
    )


def fit(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W) scaled so that the longer side is `side`; proportions are kept."""
    height, width = images.shape[-2:]
    scale = side / max(height, width)
    return scaled(images, (max(round(height * scale), 1), max(round(width * scale), 1)))


def fit_shape(images: NDArray[np.uint8], shape: ImageShape) -> NDArray[np.uint8]:
    """Images uint8 (..., H, W), scaled if necessary, in the middle of black ones of this height and width."""
    height, width = images.shape[-2:]
    return pad(scaled(images, size_within((height, width), shape)), shape)


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
def _resampling(count: int, new_count: int) -> NDArray[np.float64]:
    """Weights (new_count, count) of the old pixels in each new one."""
    scale = count / new_count
    support = max(scale, 1.0)
    centres = (np.arange(new_count) + 0.5) * scale
    distance = np.abs(np.arange(count) + 0.5 - centres[:, None]) / support
    weights = np.clip(1 - distance, 0, None)
    return weights / weights.sum(axis=1, keepdims=True)
