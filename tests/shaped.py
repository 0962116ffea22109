"""Images of shapes other than MNIST's, and a linear model for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLOUR = ImageShape(3, 32, 32)
NARROW = ImageShape(1, 28, 20)
SHAPES = (COLOUR, NARROW)
LATENT = 4

any_shape = st.builds(ImageShape, st.sampled_from((1, 3)), st.integers(8, 64), st.integers(8, 64))
"""Every shape that a data set can have."""


def random_images(shape: ImageShape, count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Noise, uint8 (count, C, H, W)."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape.array), dtype=np.uint8)


def smooth_images(shape: ImageShape, count: int, seed: int = 0) -> NDArray[np.uint8]:
    """A soft spot of its own colour in each image, uint8 (count, C, H, W)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[: shape.height, : shape.width]
    middle = random.uniform(0.3, 0.7, (count, 2)) * (shape.height, shape.width)
    squared = (y - middle[:, :1, None]) ** 2 + (x - middle[:, 1:, None]) ** 2
    spots = np.exp(-squared / (2 * (min(shape.height, shape.width) / 5) ** 2))
    colours = random.uniform(0.2, 1, (count, shape.channels, 1, 1))
    return np.rint(255 * spots[:, None] * colours).astype(np.uint8)


class LinearModel(FrozenModel):
    """A frozen model: codes are products with orthonormal rows, images the sums of these rows, clipped."""

    def __init__(self, shape: ImageShape, seed: int = 0) -> None:
        random = np.random.default_rng(seed).normal(size=(shape.size, LATENT))
        self.rows = np.linalg.qr(random)[0].T
        recipe = find_recipe("deep-ae").with_settings(
            {"latent_size": LATENT, "hidden": (), "output": "linear"}
        )
        weights = {
            "objective.head.weight": self.rows,
            "objective.head.bias": -0.5 * self.rows.sum(axis=1),
            "decoder.0.weight": self.rows.T,
            "decoder.0.bias": np.full(shape.size, 0.5),
        }
        floats = {name: np.ascontiguousarray(array, np.float32) for name, array in weights.items()}
        super().__init__(Snapshot("linear", recipe, 3, 0.0, floats, data=DataShape(shape)))
