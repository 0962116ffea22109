"""Metrics of reconstructions, per image. Pixels are from 0 to 1; numpy only.

Every function takes images (N, C, H, W) of any shape, as uint8 (0..255) or as floats in [0, 1], and returns
float64. Sums are over all C * H * W numbers of an image. Two arrays of different shapes raise ValueError:
broadcasting would compare each image with every other.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AXES = 4
_NUMBERS_AT_ONCE = 800_000
"""Numbers of the images whose similarity is computed at a time: a dozen arrays of 6 MB."""


def to_unit_images(images: NDArray[Any]) -> NDArray[np.float64]:
    """Images (N, C, H, W) -> float64 (N, C, H, W) in [0, 1]; raises ValueError for other arrays."""
    if images.ndim != _AXES:
        raise ValueError(f"images are (N, C, H, W), not {images.shape}")
    return images / 255.0 if images.dtype == np.uint8 else images.astype(np.float64)


def _unit_pair(originals: NDArray[Any], images: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both as float64 (N, C, H, W) in [0, 1]; raises ValueError if their shapes differ."""
    if originals.shape != images.shape:
        raise ValueError(f"images {images.shape} cannot be compared with originals {originals.shape}")
    return to_unit_images(originals), to_unit_images(images)


def squared_error_per_image(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """Sum over the numbers of an image of (reconstruction - original)^2 -> float64 (N,)."""
    one, other = _unit_pair(originals, images)
    return np.square(other - one).sum(axis=(1, 2, 3))


def psnr_of_squared_error(squared_error: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio in dB of squared errors (N,) summed over each image; inf for 0.

    size: the numbers of an image, C * H * W
    """
    with np.errstate(divide="ignore"):
        return -10 * np.log10(squared_error / size)


SSIM_WINDOW = 11
"""Pixels along a side of the window for images at least as large."""
SSIM_SIGMA = 1.5
SSIM_C1 = 0.01**2
SSIM_C2 = 0.03**2


def ssim_window(height: int, width: int) -> int:
    """Pixels along a side of the window: 11, or the largest odd number that fits into smaller images."""
    side = min(SSIM_WINDOW, height, width)
    return side if side % 2 else side - 1


def ssim_window_text(height: int, width: int) -> str:
    """The window for people: "Gaussian 11x11, sigma 1.5"; says so if smaller images need another one."""
    side = ssim_window(height, width)
    text = f"Gaussian {side}x{side}, sigma {SSIM_SIGMA}"
    if side == SSIM_WINDOW:
        return text
    usual = f"{SSIM_WINDOW}x{SSIM_WINDOW}"
    return f"{text} (images of {height}x{width}, height first, are smaller than the usual {usual})"


@cache
def _window_sums(side: int, length: int) -> NDArray[np.float64]:
    """Matrix (length - side + 1, length): row i has the Gaussian weights of pixels i to i + side - 1.

    side: of the window; length: pixels of the image in that direction
    """
    offsets = np.arange(side) - side // 2
    window = np.exp(-(offsets**2) / (2 * SSIM_SIGMA**2))
    window /= window.sum()
    positions = length - side + 1
    sums = np.zeros((positions, length))
    for position in range(positions):
        sums[position, position : position + side] = window
    return sums


def ssim_per_image(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """Structural similarity of each image (Wang et al. 2004, eq. 13) -> (N,), 1 for equal images.

    Gaussian window 11 x 11 with sigma 1.5 (smaller for small images: `ssim_window`), data range 1,
    K1 = 0.01, K2 = 0.03; the mean is over the windows that are completely within the image, as in the
    authors' program. Of colour images, the mean of the similarities of their channels.
    """
    count = max(1, _NUMBERS_AT_ONCE // max(1, prod(originals.shape[1:])))
    parts = [
        _ssim(*_unit_pair(originals[start : start + count], images[start : start + count]))
        for start in range(0, len(originals), count)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _ssim(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = one.shape[2:]
    side = ssim_window(height, width)
    rows, columns = _window_sums(side, height), _window_sums(side, width)

    def local(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return rows @ values @ columns.T  # (N, C, H, W) -> (N, C, windows down, windows across)

    mean_one, mean_other = local(one), local(other)
    variance_one = local(one * one) - mean_one**2
    variance_other = local(other * other) - mean_other**2
    covariance = local(one * other) - mean_one * mean_other
    numerator = (2 * mean_one * mean_other + SSIM_C1) * (2 * covariance + SSIM_C2)
    denominator = (mean_one**2 + mean_other**2 + SSIM_C1) * (variance_one + variance_other + SSIM_C2)
    return (numerator / denominator).mean(axis=(2, 3)).mean(axis=1)
