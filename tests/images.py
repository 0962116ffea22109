"""Small data sets whose images are not MNIST's: shapes in colour, digits that are not square, and both.

Made in memory within milliseconds, always the same, and learnable. `save` writes one as a file that the
program reads like a user's own.
"""

from __future__ import annotations

import colorsys
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.synthetic import generate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NAMES = ("digits", "colour 32x32", "grey 28x20")
SHAPES = ("circle", "cross", "square", "triangle")  # in the order in which names of classes are read
_SIDE = 32
_CUT = 4  # columns at each side: what is left is as wide as a digit's box


@cache
def colour_32(train: int = 400, test: int = 100) -> Dataset:
    """Coloured shapes on dark coloured backgrounds: uint8 (N, 3, 32, 32), four classes, no factors."""
    return Dataset("colour-32", "Coloured shapes", _shapes(train, seed=0), _shapes(test, seed=1))


@cache
def colour_32x24(train: int = 400, test: int = 100) -> Dataset:
    """The coloured shapes without their outer columns, in colour and not square: uint8 (N, 3, 32, 24)."""
    shapes = colour_32(train, test)
    return Dataset("colour-32x24", "Narrow shapes", _cropped(shapes.train), _cropped(shapes.test))


@cache
def grey_28x20(train: int = 400, test: int = 100) -> Dataset:
    """The built-in digits without their outer columns: uint8 (N, 1, 28, 20), ten classes, with factors."""
    digits = generate(train=train, test=test, seed=1)
    return Dataset("grey-28x20", "Narrow digits", _cropped(digits.train), _cropped(digits.test))


def dataset_named(name: str, digits: Dataset) -> Dataset:
    """The data set of this name of NAMES, small; digits: the one with MNIST's shape."""
    makers = {
        "digits": lambda: digits,
        "colour 32x32": lambda: colour_32(120, 60),
        "grey 28x20": lambda: grey_28x20(120, 60),
    }
    return makers[name]()


def without_labels(dataset: Dataset) -> Dataset:
    """The same images, without labels and factors."""
    train, test = (ImageSet(part.images) for part in (dataset.train, dataset.test))
    return Dataset(dataset.name, dataset.title, train, test)


def save(dataset: Dataset, folder: Path) -> Path:
    """Write the images and the names of their classes as a .npz, and return its path."""
    path = folder / f"{dataset.name}.npz"
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, part in (("train", dataset.train), ("test", dataset.test)):
        arrays[f"x_{name}"] = np.moveaxis(part.images, 1, 3)
        if part.labels is not None:
            arrays[f"y_{name}"] = np.array(part.class_names)[part.labels]
    np.savez(path, allow_pickle=False, **arrays)
    return path


def _cropped(part: ImageSet) -> ImageSet:
    images = np.ascontiguousarray(part.images[..., _CUT:-_CUT])
    return ImageSet(images, part.labels, part.class_names, part.factors, part.factor_names)


def _shapes(count: int, seed: int) -> ImageSet:
    random = np.random.default_rng([32, seed])
    labels = (np.arange(count) % len(SHAPES)).astype(np.int64)
    hues, shades = random.random((2, count))
    ink, ground = _colours(hues, 0.8, 1.0), _colours(shades, 0.6, 0.25)
    centres = random.uniform(13, 19, (2, count, 1, 1))
    radii = random.uniform(7, 10, (count, 1, 1))
    y, x = np.mgrid[:_SIDE, :_SIDE][:, None] - centres  # (count, 32, 32) each
    covered = np.empty((count, 1, _SIDE, _SIDE))
    for number, shape in enumerate(SHAPES):
        own = labels == number
        covered[own, 0] = np.clip(0.5 - _distance(shape, x[own], y[own], radii[own]), 0, 1)
    images = np.rint(255 * (ground + covered * (ink - ground))).astype(np.uint8)
    return ImageSet(images, labels, SHAPES)


def _colours(hues: NDArray[np.float64], saturation: float, value: float) -> NDArray[np.float64]:
    """Colours of these hues (N,), as (N, 3, 1, 1) from 0 to 1."""
    return np.array([colorsys.hsv_to_rgb(hue, saturation, value) for hue in hues.tolist()])[:, :, None, None]


def _distance(
    shape: str, x: NDArray[np.float64], y: NDArray[np.float64], radius: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pixels, about, from the outline of a shape: negative inside; all arrays broadcast to (N, 32, 32)."""
    across, down = np.abs(x), np.abs(y)
    if shape == "circle":
        return np.hypot(x, y) - radius
    if shape == "cross":
        near, far = np.minimum(across, down), np.maximum(across, down)
        return np.maximum(near - radius / 3, far - radius)
    if shape == "square":
        return np.maximum(across, down) - 0.9 * radius
    return np.maximum(y - 0.7 * radius, 0.88 * across - 0.47 * y - 0.67 * radius)


def same_images(left: ImageSet, right: ImageSet) -> bool:
    """Whether images, labels and names of classes are the same."""
    return left.fingerprint == right.fingerprint and left.image_shape == right.image_shape
