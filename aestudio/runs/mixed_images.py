"""Images of several shapes within one .npz file of a run: drawings, and the images of bookmarks.

Images that all have MNIST's shape are one array (N, H, W), as every version of the program has written
them; others of one shape are one array (N, C, H, W). Images of several shapes are their shapes, int64 (N, 3),
and the pixels of all, one image after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.runs.kept_images import images_rule, with_channels
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.npz import open_npz

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.storage.damage import Damage

_SHAPES, _PIXELS = "shapes", "pixels"
_NONE = (0, 0, 0)  # the shape of an image that is missing


def image_arrays(name: str, images: Sequence[NDArray[np.uint8] | None]) -> dict[str, NDArray[Any]]:
    """The arrays of images, uint8 (C, H, W) each, or None for one that is missing.

    name: of the one array, if all have one shape
    """
    shapes = {image.shape for image in images if image is not None}
    if len(shapes) > 1:
        every = [_NONE if image is None else image.shape for image in images]
        pixels = [image.reshape(-1) for image in images if image is not None]
        return {_SHAPES: np.array(every, np.int64), _PIXELS: np.concatenate(pixels)}
    shape = shapes.pop() if shapes else MNIST.image.array
    together = np.zeros((len(images), *shape), np.uint8)
    for number, image in enumerate(images):
        if image is not None:
            together[number] = image
    return {name: together[:, 0] if shape == MNIST.image.array else together}


def image_rules(path: Path, name: str, count: str, damage: Damage) -> dict[str, ArrayRule]:
    """The rules for the arrays of the images in this file; raises StudioError if it is damaged.

    name, count: of the one array, and of its first length
    """
    with open_npz(path, damage) as file:
        several_shapes = _SHAPES in file.arrays
    if not several_shapes:
        return {name: images_rule(path, name, count, damage)}
    return {_SHAPES: ArrayRule("int64", (count, 3)), _PIXELS: ArrayRule("uint8", (_PIXELS,))}


def images_of(
    arrays: Mapping[str, NDArray[Any]], name: str, path: Path, damage: Damage
) -> list[NDArray[np.uint8] | None]:
    """The images, uint8 (C, H, W) each; None for one that is missing, if they have several shapes.

    Raises StudioError if the shapes are impossible or do not fit the pixels.
    """
    if name in arrays:
        return list(with_channels(arrays[name], path, damage))
    found: list[NDArray[np.uint8] | None] = []
    pixels, start = arrays[_PIXELS], 0
    for shape in arrays[_SHAPES].tolist():
        if tuple(shape) == _NONE:
            found.append(None)
            continue
        try:
            image_shape = ImageShape(*shape)
            found.append(pixels[start : start + image_shape.size].reshape(image_shape.array))
        except ValueError as error:
            raise damage.error(path, error) from error
        start += image_shape.size
    if start != len(pixels):
        raise damage.error(path, "the shapes of the images are wrong")
    return found
