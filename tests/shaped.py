"""Images of shapes other than MNIST's, and a linear model for them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from aestudio.datasets.image_shape import ImageShape
from aestudio.inference.frozen_model import Codes
from aestudio.recipes.library import find_recipe

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


class LinearModel:
    """As a frozen model: codes are products with orthonormal rows, images the sums of these rows."""

    decodes = True

    def __init__(self, shape: ImageShape, recipe: str = "deep-ae", seed: int = 0) -> None:
        self.shape = shape
        self.snapshot = SimpleNamespace(recipe=find_recipe(recipe), run="linear", step=3)
        rows = np.random.default_rng(seed).normal(size=(shape.size, LATENT))
        self.rows = np.linalg.qr(rows)[0].T

    def encode(self, images: NDArray[np.generic]) -> Codes:
        flat = images.reshape(len(images), self.shape.size).astype(np.float64)
        unit = flat / 255 if images.dtype == np.uint8 else flat
        return Codes(((unit - 0.5) @ self.rows.T).astype(np.float32))

    def decode_exactly(self, codes: NDArray[np.float32]) -> NDArray[np.float32]:
        flat = np.clip(codes.astype(np.float64) @ self.rows + 0.5, 0, 1)
        return flat.astype(np.float32).reshape(len(codes), *self.shape.array)

    def decode(self, codes: NDArray[np.float32]) -> NDArray[np.uint8]:
        return np.rint(255 * self.decode_exactly(codes)).astype(np.uint8)

    def reconstruct_exactly(self, images: NDArray[np.generic]) -> NDArray[np.float32]:
        return self.decode_exactly(self.encode(images).mean)

    def reconstruct(self, images: NDArray[np.generic]) -> NDArray[np.uint8]:
        return np.rint(255 * self.reconstruct_exactly(images)).astype(np.uint8)
