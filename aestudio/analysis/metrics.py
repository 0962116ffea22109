"""Metrics of reconstructions, per image. Pixels are from 0 to 1; numpy only.

Every function takes images (N, 28, 28) or (N, 1, 28, 28), as uint8 (0..255) or as floats in [0, 1], and
returns float64.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 28
PIXELS = SIDE * SIDE
CHUNK = 1000
EPSILON = 1e-7
"""Probabilities are clipped to this distance from 0 and 1, about the precision of float32 near 1."""


def to_unit_images(images: NDArray[Any]) -> NDArray[np.float64]:
    """Images (N, 28, 28) or (N, 1, 28, 28) -> float64 (N, 28, 28) in [0, 1]."""
    flat = images.reshape(-1, SIDE, SIDE)
    return flat / 255.0 if flat.dtype == np.uint8 else flat.astype(np.float64)


def squared_error_per_image(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """Sum over the pixels of (reconstruction - original)^2 -> float64 (N,)."""
    return np.square(to_unit_images(images) - to_unit_images(originals)).sum(axis=(1, 2))


def mse_per_pixel(originals: NDArray[Any], images: NDArray[Any]) -> float:
    """Mean squared error over all pixels of all images (N, 28, 28), a float."""
    return float(squared_error_per_image(originals, images).mean() / PIXELS)


def psnr_of_squared_error(squared_error: NDArray[np.float64]) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio in dB of squared errors (N,) summed over each image; inf for 0."""
    with np.errstate(divide="ignore"):
        return -10 * np.log10(squared_error / PIXELS)


def psnr_per_image(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio of each image in dB -> (N,); a mean over images is the mean of these."""
    return psnr_of_squared_error(squared_error_per_image(originals, images))


def psnr_of_set(originals: NDArray[Any], images: NDArray[Any]) -> float:
    """Peak signal-to-noise ratio in dB of the mean squared error over the whole set (N, 28, 28).

    At most the mean of the ratios of the images (Jensen's inequality).
    """
    return float(psnr_of_squared_error(squared_error_per_image(originals, images).mean(keepdims=True))[0])


SSIM_WINDOW = 11
SSIM_SIGMA = 1.5
SSIM_WINDOW_TEXT = f"Gaussian {SSIM_WINDOW}x{SSIM_WINDOW}, sigma {SSIM_SIGMA}"
SSIM_C1 = 0.01**2
SSIM_C2 = 0.03**2


@cache
def _window_sums() -> NDArray[np.float64]:
    """Matrix (18, 28): row i has the Gaussian weights of pixels i to i + 10, along one side of the window."""
    offsets = np.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    window = np.exp(-(offsets**2) / (2 * SSIM_SIGMA**2))
    window /= window.sum()
    positions = SIDE - SSIM_WINDOW + 1
    sums = np.zeros((positions, SIDE))
    for position in range(positions):
        sums[position, position : position + SSIM_WINDOW] = window
    return sums


def ssim_per_image(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """Structural similarity of each image (Wang et al. 2004, eq. 13) -> (N,), 1 for equal images.

    Gaussian window 11 x 11 with sigma 1.5, data range 1, K1 = 0.01, K2 = 0.03; the mean is over
    the windows that are completely within the image, as in the authors' program.
    """
    parts = [
        _ssim(
            to_unit_images(originals[start : start + CHUNK]),
            to_unit_images(images[start : start + CHUNK]),
        )
        for start in range(0, len(originals), CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _ssim(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = _window_sums()

    def local(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return sums @ values @ sums.T  # (N, 28, 28) -> (N, 18, 18)

    mean_one, mean_other = local(one), local(other)
    variance_one = local(one * one) - mean_one**2
    variance_other = local(other * other) - mean_other**2
    covariance = local(one * other) - mean_one * mean_other
    numerator = (2 * mean_one * mean_other + SSIM_C1) * (2 * covariance + SSIM_C2)
    denominator = (mean_one**2 + mean_other**2 + SSIM_C1) * (variance_one + variance_other + SSIM_C2)
    return (numerator / denominator).mean(axis=(1, 2))


def bernoulli_cross_entropy(originals: NDArray[Any], images: NDArray[Any]) -> NDArray[np.float64]:
    """-sum x log p + (1 - x) log(1 - p) over the pixels, in nats -> (N,); originals may be grey.

    x: originals; p: images, clipped to a distance of 1e-7 from 0 and 1.
    """
    grey = to_unit_images(originals)
    probability = np.clip(to_unit_images(images), EPSILON, 1 - EPSILON)
    return -(grey * np.log(probability) + (1 - grey) * np.log1p(-probability)).sum(axis=(1, 2))


def entropy_floor(images: NDArray[np.uint8]) -> float:
    """The smallest possible mean Bernoulli cross-entropy on grey images uint8 (N, 28, 28), nats per image.

    The entropy of the pixels, each as the probability of a Bernoulli variable: 45.53 on the MNIST test set.
    """
    grey = np.arange(256) / 255.0
    probabilities = grey[1:-1]
    entropies = np.zeros(256)
    entropies[1:-1] = -(
        probabilities * np.log(probabilities) + (1 - probabilities) * np.log1p(-probabilities)
    )
    counts = np.bincount(images.ravel(), minlength=256)
    return float(counts @ entropies) / (images.size / PIXELS)


def bits_per_dim(nats_per_image: float) -> float:
    """Nats per image of 784 pixels -> bits per pixel."""
    return nats_per_image / (PIXELS * log(2))
