"""Metrics of images of any shape, against scikit-image and sums in plain numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import correlate
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

from aestudio.analysis.evaluation_metrics import _metrics_of
from aestudio.analysis.metrics import (
    psnr_of_squared_error,
    squared_error_per_image,
    ssim_per_image,
    ssim_window,
    ssim_window_text,
)
from aestudio.datasets.image_shape import ImageShape
from tests.shaped import SHAPES, any_shape, random_images


def pair(shape: ImageShape, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (count, C, H, W), and the same with noise, float32."""
    originals = random_images(shape, count)
    noise = 0.2 * np.random.default_rng(1).normal(size=originals.shape)
    return originals, np.clip(originals / 255 + noise, 0, 1).astype(np.float32)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_errors_are_those_of_scikit_image(shape: ImageShape) -> None:
    originals, noisy = pair(shape)
    unit, floats = originals / 255, noisy.astype(np.float64)
    means = [mean_squared_error(one, other) for one, other in zip(unit, floats, strict=True)]
    size = shape.channels * shape.height * shape.width
    assert squared_error_per_image(originals, noisy) == pytest.approx(np.array(means) * size)
    ratios = [peak_signal_noise_ratio(a, b, data_range=1) for a, b in zip(unit, floats, strict=True)]
    errors = squared_error_per_image(originals, noisy)
    assert psnr_of_squared_error(errors, size) == pytest.approx(ratios)


@pytest.mark.parametrize("shape", [*SHAPES, ImageShape(3, 11, 64), ImageShape(1, 33, 17)], ids=str)
def test_ssim_is_that_of_scikit_image(shape: ImageShape) -> None:
    originals, noisy = pair(shape)
    expected = [
        structural_similarity(
            one / 255,
            other.astype(np.float64),
            channel_axis=0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=1,
        )
        for one, other in zip(originals, noisy, strict=True)
    ]
    assert ssim_per_image(originals, noisy) == pytest.approx(expected, abs=1e-9)


def small_ssim(one: np.ndarray, other: np.ndarray, side: int) -> float:
    """Of one channel (H, W), with a two-dimensional window of this side and scipy's filter."""
    half = side // 2
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    window = np.exp(-(x**2 + y**2) / 4.5)
    window /= window.sum()

    def local(values: np.ndarray) -> np.ndarray:
        return correlate(values, window, mode="constant")[half:-half, half:-half]

    a, b = local(one), local(other)
    covariance = local(one * other) - a * b
    variances = local(one**2) - a**2 + local(other**2) - b**2
    return float(
        ((2 * a * b + 1e-4) * (2 * covariance + 9e-4) / ((a**2 + b**2 + 1e-4) * (variances + 9e-4))).mean()
    )


@pytest.mark.parametrize(
    ("shape", "side"), [(ImageShape(1, 8, 8), 7), (ImageShape(3, 10, 20), 9), (ImageShape(3, 40, 9), 9)]
)
def test_small_images_get_the_largest_odd_window_that_fits(shape: ImageShape, side: int) -> None:
    originals, noisy = pair(shape, 3)
    assert ssim_window(shape.height, shape.width) == side
    text = ssim_window_text(shape.height, shape.width)
    assert text.startswith(f"Gaussian {side}x{side}, sigma 1.5")
    assert f"{shape.height}x{shape.width}, height first," in text
    assert "11x11" in text
    expected = [
        np.mean([small_ssim(a / 255, b.astype(float), side) for a, b in zip(one, other, strict=True)])
        for one, other in zip(originals, noisy, strict=True)
    ]
    assert ssim_per_image(originals, noisy) == pytest.approx(expected, abs=1e-9)


def test_the_usual_window_needs_no_remark() -> None:
    assert ssim_window_text(28, 28) == ssim_window_text(11, 64) == "Gaussian 11x11, sigma 1.5"


@given(shape=any_shape, seed=st.integers(0, 99))
def test_any_shape_has_metrics(shape: ImageShape, seed: int) -> None:
    one, other = random_images(shape, 2, seed), random_images(shape, 2, seed + 1)
    expected = [math.fsum(((a - b) ** 2).ravel()) for a, b in zip(one / 255, other / 255, strict=True)]
    assert squared_error_per_image(one, other) == pytest.approx(expected)
    assert ssim_per_image(one, one) == pytest.approx(np.ones(2))
    similarity = ssim_per_image(one, other)
    assert similarity == pytest.approx(ssim_per_image(other, one))
    assert (similarity < 1).all()
    side = ssim_window(shape.height, shape.width)
    assert side % 2 == 1
    assert side == 11 or min(shape.height, shape.width) - side in (0, 1)


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    images = random_images(ImageShape(1, 9, 9), 3)
    for measure in (squared_error_per_image, ssim_per_image):
        with pytest.raises(ValueError, match="cannot be compared"):
            measure(images, images[:, 0])  # these would be compared each with each
        with pytest.raises(ValueError, match=r"\(N, C, H, W\)"):
            measure(images[:, 0], images[:, 0])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_metrics_of_a_set_in_chunks(shape: ImageShape) -> None:
    originals, noisy = pair(shape, 7)
    found = _metrics_of((originals[part], noisy[part]) for part in (slice(0, 4), slice(4, 7)))
    difference = originals / 255 - noisy
    assert found.mse_per_pixel == pytest.approx((difference**2).mean())
    assert found.squared_error_per_image == pytest.approx((difference**2).mean() * difference[0].size)
    assert found.psnr == pytest.approx(-10 * np.log10((difference**2).mean()))
    assert found.ssim == pytest.approx(ssim_per_image(originals, noisy).mean())
