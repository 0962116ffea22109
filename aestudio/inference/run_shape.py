"""The shape of the images that a snapshot's model takes and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape, ImageShape
    from aestudio.training.events import Snapshot


def image_shape_of(snapshot: Snapshot) -> ImageShape:
    """The shape of the images: that of MNIST for a snapshot that does not say it."""
    data: DataShape = getattr(snapshot, "data", MNIST)
    return data.image
