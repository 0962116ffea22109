"""How the dimensions of images are laid out: in a user's array, in grey and in colour, and in image files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.array_axes import FLAT_SIZES
from aestudio.datasets.image_shape import SMALLEST_SIDE, size_text
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow converts to grey


def layout_of(rows: Rows) -> tuple[int, int, int, tuple[str, ...]]:
    """Height, width and channels of the images, and a note on how their dimensions are read."""
    shape = rows.shape
    side = math.isqrt(shape[1]) if len(shape) == 2 else 0
    if side and side * side == shape[1]:
        return side, side, 1, (f"Rows of {side * side} numbers taken as images of {size_text(side, side)}.",)
    if len(shape) == 2 and shape[1] in FLAT_SIZES:
        size = FLAT_SIZES[shape[1]]
        return *size, 1, (f"Rows of {shape[1]} numbers taken as images of {size_text(*size)}.",)
    if len(shape) == 3:
        return shape[1], shape[2], 1, ()
    if len(shape) == 4:
        if _colours_second(shape):
            shape = (shape[0], shape[2], shape[3], shape[1])
        if shape[3] in (1, 3, 4):
            return shape[1], shape[2], shape[3], ()
    if len(shape) == 2:
        _refuse_flat_colours(rows)
    raise StudioError(
        f"Images of shape {rows.shape} cannot be understood",
        where=rows.where,
        advice="Allowed: (N, height, width), also with 1, 3 or 4 colours last or second, or flat squares.",
    )


def _refuse_flat_colours(rows: Rows) -> None:
    """Raises StudioError if rows are as long as square images in colour, of which nothing tells the order.

    CIFAR's rows have all of red, then all of green, then all of blue; an image that an image library has read
    has the three colours of each pixel together. Either would be taken for the other without any error.
    """
    numbers = rows.shape[1]
    side = math.isqrt(numbers // 3)
    if side >= SMALLEST_SIDE and 3 * side * side == numbers:
        raise StudioError(
            f"Rows of {numbers} numbers may be {size_text(side, side)} images in colour, in either order",
            where=rows.where,
            advice=f"Save them as (N, 3, {side}, {side}) if all of red comes first, as in CIFAR's rows, "
            f"or as (N, {side}, {side}, 3) if the colours of each pixel are together.",
        )


def _colours_second(shape: tuple[int, ...]) -> bool:
    return shape[3] not in (1, 3, 4) and shape[1] in (1, 3, 4)


def to_grey(images: NDArray[Any]) -> NDArray[Any]:
    """Images as (N, H, W) in their own range; their shape is one that `layout_of` knows."""
    if images.ndim == 2:
        side = math.isqrt(images.shape[1])
        return images.reshape(-1, *FLAT_SIZES.get(images.shape[1], (side, side)))
    if images.ndim == 3:
        return images
    if _colours_second(images.shape):
        images = np.moveaxis(images, 1, 3)
    if images.shape[3] == 1:
        return images[..., 0]
    # One colour after the other: a product of matrices rounds by the kind of CPU.
    red, green, blue = (images[..., index] * np.float32(share) for index, share in enumerate(LUMA))
    grey = red + green + blue
    return np.rint(grey).astype(images.dtype) if images.dtype.kind in "ui" else grey


def to_colour(images: NDArray[Any]) -> NDArray[Any]:
    """Images of 3 or 4 channels as (N, 3, H, W) in their own range."""
    return images[:, :3] if _colours_second(images.shape) else np.moveaxis(images[..., :3], 3, 1)


def pixel_rows(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Image uint8 (C, H, W) as image files have it: (H, W) if C = 1, else (H, W, C), in one piece."""
    return np.ascontiguousarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, 2))
