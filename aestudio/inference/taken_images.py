"""The images that a model takes: others are refused with both shapes, before torch says it in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from aestudio.datasets.image_shape import ImageShape
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot

Number = TypeVar("Number", bound=np.generic)


def require_shape(snapshot: Snapshot, images: NDArray[Number]) -> NDArray[Number]:
    """The images (N, C, H, W), if the model of the snapshot takes their shape; raises StudioError."""
    taken = snapshot.data.image
    if images.shape[1:] != taken.array:
        raise StudioError(
            f"The model takes images of {taken}, and these are {_size(images.shape[1:])}",
            where=snapshot.run,
            advice="Choose the data set that it was trained on, or a model of these images.",
        )
    return images


def _size(shape: tuple[int, ...]) -> str:
    """The size of images of (C, H, W) for people; they may have a shape that no model takes."""
    try:
        channels, height, width = shape
        return str(ImageShape(channels, height, width))
    except ValueError:
        return " x ".join(map(str, shape))
