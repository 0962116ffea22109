"""Metrics against independent computations, and small cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import correlate

from aestudio.analysis.metrics import psnr_of_squared_error, squared_error_per_image, ssim_per_image


def image_pairs(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    originals = draw.integers(0, 256, (count, 1, 28, 28)).astype(np.uint8)
    noisy = np.clip(originals / 255 + 0.2 * draw.normal(size=originals.shape), 0, 1)
    return originals, noisy.astype(np.float32)


def test_squared_error_of_a_known_difference() -> None:
    black = np.zeros((2, 1, 28, 28), np.uint8)
    grey = np.stack([np.full((1, 28, 28), 0.1), np.full((1, 28, 28), 0.5)])
    assert squared_error_per_image(black, grey) == pytest.approx([7.84, 196])
    errors = squared_error_per_image(black, grey)
    assert psnr_of_squared_error(errors, 784) == pytest.approx([20, 20 * np.log10(2)])
    assert psnr_of_squared_error(errors[:1] + errors[1:], 2 * 784) == pytest.approx(-10 * np.log10(0.13))


def test_equal_images_have_no_error() -> None:
    originals, _ = image_pairs(3)
    assert np.isinf(psnr_of_squared_error(squared_error_per_image(originals, originals), 784)).all()
    assert ssim_per_image(originals, originals) == pytest.approx(np.ones(3))


def test_bytes_and_floats_give_the_same_metrics() -> None:
    originals, noisy = image_pairs(3)
    floats = originals / 255
    for measure in (squared_error_per_image, ssim_per_image):
        assert measure(originals, noisy) == pytest.approx(measure(floats, noisy))


def reference_ssim(one: np.ndarray, other: np.ndarray) -> float:
    """Wang et al. 2004 with a two-dimensional window and filters of scipy's."""
    y, x = np.mgrid[-5:6, -5:6]
    window = np.exp(-(x**2 + y**2) / (2 * 1.5**2))
    window /= window.sum()

    def local(values: np.ndarray) -> np.ndarray:
        return correlate(values, window, mode="constant")[5:-5, 5:-5]

    mu_x, mu_y = local(one), local(other)
    var_x = local((one - 0.3) ** 2) - (mu_x - 0.3) ** 2  # shifted: another order of the same sums
    var_y = local((other - 0.3) ** 2) - (mu_y - 0.3) ** 2
    cov = local((one - 0.3) * (other - 0.3)) - (mu_x - 0.3) * (mu_y - 0.3)
    luminance = (2 * mu_x * mu_y + 1e-4) / (mu_x**2 + mu_y**2 + 1e-4)
    structure = (2 * cov + 9e-4) / (var_x + var_y + 9e-4)
    return float((luminance * structure).mean())


def test_ssim_is_that_of_an_independent_implementation() -> None:
    originals, noisy = image_pairs(6)
    expected = [reference_ssim(o[0] / 255, n[0].astype(float)) for o, n in zip(originals, noisy, strict=True)]
    assert ssim_per_image(originals, noisy) == pytest.approx(expected, abs=1e-9)


def test_ssim_of_two_uniform_images_is_their_luminance_term() -> None:
    one, other = np.full((1, 1, 28, 28), 0.2), np.full((1, 1, 28, 28), 0.6)
    expected = (2 * 0.12 + 1e-4) / (0.04 + 0.36 + 1e-4)
    assert ssim_per_image(one, other) == pytest.approx([expected])


def test_ssim_of_many_images_equals_that_of_single_images() -> None:
    originals, noisy = image_pairs(1003)
    whole = ssim_per_image(originals, noisy)
    assert whole[[0, 1000, 1002]] == pytest.approx(
        ssim_per_image(originals[[0, 1000, 1002]], noisy[[0, 1000, 1002]])
    )
    assert ssim_per_image(originals[:0], noisy[:0]).shape == (0,)
