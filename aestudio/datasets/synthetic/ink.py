"""Ink on 28x28 pixels, a whole batch by two exponentials and one matrix product.

Every sample of the path is a small Gaussian blot; a Gaussian is a product of its profiles along
x and y, so that the sum of all blots is a product of matrices. Along a stroke the blots add up to
exp(-d^2 / 2 s^2) at distance d, from which the distance to the pen's path follows, and from
that how much of the pixel is covered. Crossings come out slightly wider, as ink does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.synthetic.writing import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.synthetic.writing import Paths

_BLOTS_PER_RADIUS = 2.2  # the pen's radius over a blot's standard deviation
_NO_INK = 1e-12


def draw(paths: Paths, softness: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return uint8 (N, 28, 28); softness (N,) is the width of the pen's edge in pixels."""
    pixels = np.arange(SIDE, dtype=np.float32)
    narrow = _BLOTS_PER_RADIUS / paths.radii  # (N, P), one over the standard deviation
    weight = paths.steps * narrow * np.float32(1 / np.sqrt(2 * np.pi))
    weight += np.float32(0.5) * paths.ends  # otherwise the tips would fade half a pen's width early
    across = _profile(pixels, paths.points[:, :, 0], narrow)  # (N, P, 28)
    down = _profile(pixels, paths.points[:, :, 1], narrow)
    down *= weight[:, :, None]
    density = down.transpose(0, 2, 1) @ across  # (N, 28, 28)
    np.clip(density, _NO_INK, 1.0, out=density)
    distance = np.sqrt(-2 * np.log(density)) / _BLOTS_PER_RADIUS  # in radii
    radius = paths.radii.mean(axis=1)
    covered: NDArray[np.float32] = 0.5 + (1 - distance) * (radius / softness)[:, None, None]
    return _centre(np.round(255 * np.clip(covered, 0.0, 1.0)).astype(np.uint8))


def _centre(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Move each image by whole pixels, so that its centre of mass is at (14, 14), as MNIST's are."""
    pixels = np.arange(SIDE)
    mass = np.maximum(images.sum(axis=(1, 2)), 1)
    from_row = (pixels - _whole_shift(images.sum(axis=2) @ pixels / mass)[:, None]) % SIDE
    from_column = (pixels - _whole_shift(images.sum(axis=1) @ pixels / mass)[:, None]) % SIDE
    every = np.arange(len(images))[:, None, None]
    return images[every, from_row[:, :, None], from_column[:, None, :]]


def _whole_shift(centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """The whole pixels (N,), at most four, that bring centres of mass (N,) nearest to pixel 14."""
    return np.clip(np.round(SIDE // 2 - centres), -4, 4).astype(np.int64)


def _profile(
    pixels: NDArray[np.float32], position: NDArray[np.float32], narrow: NDArray[np.float32]
) -> NDArray[np.float32]:
    profile = pixels - position[:, :, None]
    profile *= narrow[:, :, None]
    np.square(profile, out=profile)
    profile *= np.float32(-0.5)
    return np.exp(profile, out=profile)
