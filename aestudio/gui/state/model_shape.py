"""The shape of the images that the shown model takes, and whether an image has it. No Qt, no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.capabilities import no_encoder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import Example
    from aestudio.runs.drawings_file import Drawing
    from aestudio.training.events import Snapshot


def taken_shape(snapshot: Snapshot) -> ImageShape:
    """The shape of the images that the model of a snapshot takes and gives."""
    return snapshot.data.image


def shown_shape(state: StudioState) -> ImageShape:
    """The shape of the shown model's images; without a model that of the data set, without either MNIST's."""
    if state.snapshot is not None:
        return taken_shape(state.snapshot)
    if state.image_set is not None:
        return state.image_set.image_shape
    return MNIST.image


def no_images(state: StudioState) -> NDArray[np.uint8]:
    """No image in the shape of the shown model's images: uint8 (0, C, H, W)."""
    return np.zeros((0, *shown_shape(state).array), np.uint8)


def has_shape(image: NDArray[np.uint8] | None, shape: ImageShape) -> bool:
    """Whether an image, uint8 (C, H, W), has this shape; True for None."""
    return image is None or image.shape == shape.array


def usable(examples: Iterable[Example], state: StudioState) -> tuple[Example, ...]:
    """The examples that the shown model can use: all but drawings and images of another shape.

    A model that does not encode images can use codes only.
    """
    if no_encoder(state.snapshot):
        return tuple(example for example in examples if example.code is not None)
    shape = shown_shape(state)
    return tuple(example for example in examples if has_shape(example.image, shape))


def usable_drawings(state: StudioState) -> tuple[Drawing, ...]:
    """The kept drawings that the shown model takes; those of another shape are kept, and not used."""
    drawings, shape = state.workspace.drawings, shown_shape(state)
    if all(has_shape(drawing.image, shape) for drawing in drawings):
        return drawings  # the same object, so that nothing is drawn again
    return tuple(drawing for drawing in drawings if has_shape(drawing.image, shape))
