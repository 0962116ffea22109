"""The shape in which a user's own images are kept, and the size that each of them has in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import LARGEST_SIDE, MNIST, SMALLEST_SIDE, ImageShape

if TYPE_CHECKING:
    from collections.abc import Iterable

Size = tuple[int, int]  # height and width

COMMON_GREY = MNIST.image
"""Of grey images of many sizes: digits mostly, which all recipes and measures of strokes are made for."""
COMMON_COLOUR = ImageShape(3, 32, 32)
"""Of colour images of many sizes: CIFAR's and SVHN's size, for which networks of this size were published."""


def shape_of(sizes: Iterable[Size], colour: bool) -> ImageShape:
    """The shape in which images of these sizes are kept, if nobody asks for another one.

    All of one size keep it: padded if a side is below 8, scaled down if one is above 64. Images of several
    sizes, and those that would become thinner than 8, are brought to one common shape.
    """
    different = set(sizes)
    size = different.pop() if len(different) == 1 else None
    sides = None if size is None else padded_size(size) or reduced_size(size)
    if sides is None:
        return COMMON_COLOUR if colour else COMMON_GREY
    return ImageShape(3 if colour else 1, *sides)


def padded_size(size: Size) -> Size | None:
    """The size with sides of at least 8; None if a side is above 64."""
    if max(size) > LARGEST_SIDE:
        return None
    height, width = size
    return max(height, SMALLEST_SIDE), max(width, SMALLEST_SIDE)


def reduced_size(size: Size) -> Size | None:
    """A size with a side above 64, scaled to 64 there; None if the other side would be below 8."""
    if max(size) <= LARGEST_SIDE:
        return None
    height, width = (round(side * LARGEST_SIDE / max(size)) for side in size)
    return (height, width) if min(height, width) >= SMALLEST_SIDE else None


def size_within(size: Size, shape: ImageShape) -> Size:
    """The size of an image before it is padded to the shape; proportions are kept.

    It is the image's own if the shape is the one that images of this size are kept in. So data that are
    prepared in the shape that they had before are the same again.
    """
    box = shape.height, shape.width
    if padded_size(size) == box:
        return size
    if reduced_size(size) == box:
        return box
    scale = min(side / own for side, own in zip(box, size, strict=True))
    height, width = (max(round(own * scale), 1) for own in size)
    return height, width
