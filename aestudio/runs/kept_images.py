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


def with_channels(
    images: NDArray[np.uint8], path: Path, damage: Damage, shape: ImageShape | None = None
) -> NDArray[np.uint8]:
    """Images as they were read with `images_rule` -> uint8 (n, C, H, W).

    shape: that of the run's images, None if it is not known
    Raises StudioError if the images have another shape, or one that no model takes.
    """
    if not len(images):
        return np.zeros((0, *(shape or MNIST.image).array), np.uint8)
    if images.ndim == _WITHOUT_CHANNELS:
        images = images[:, None]
    try:
        found = ImageShape(*images.shape[1:])
    except ValueError as error:
        raise damage.error(path, error) from error
    if shape is not None and found != shape:
        raise damage.error(path, f"its images are {found}, those of the run {shape}")
    return images
