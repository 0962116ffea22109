"""Images in the .npz files of a run: with their channels, or those of MNIST's shape without, as earlier
versions wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.npz import open_npz

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.storage.damage import Damage

_WITHOUT_CHANNELS = 3  # dimensions


def images_rule(path: Path, name: str, rows: str, damage: Damage) -> ArrayRule:
    """The rule for the images of this name in the file; rows: the name of their number in other rules.

    Raises StudioError for a damaged file, OSError.
    """
    with open_npz(path, damage) as file:
        info = file.arrays.get(name)
    if info is not None and len(info.shape) == _WITHOUT_CHANNELS:
        return ArrayRule("uint8", (rows, *MNIST.image.array[1:]))
    return ArrayRule("uint8", (rows, "channels", "height", "width"))


def with_channels(images: NDArray[np.uint8], path: Path, damage: Damage) -> NDArray[np.uint8]:
    """Images as they were read with `images_rule` -> uint8 (n, C, H, W).

    Raises StudioError if no model takes images of their shape.
    """
    if images.ndim == _WITHOUT_CHANNELS:
        return images[:, None]
    try:
        ImageShape(*images.shape[1:])
    except ValueError as error:
        if len(images):
            raise damage.error(path, error) from error
        return np.zeros((0, *MNIST.image.array), np.uint8)
    return images
