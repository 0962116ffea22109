"""The density on a plane, compared with explicit sums and with scipy's kernel density."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.data_support.density import (
    kernel_covariance,
    log_density,
    mixture,
    plane_covariances,
    widened,
)
from aestudio.analysis.projections import plane_of_components, plane_of_dimensions
from aestudio.errors import Cancelled
from aestudio.inference.frozen_model import Codes


def gaussian_codes(count: int, size: int, seed: int) -> Codes:
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(count, size)).astype(np.float32)
    return Codes(means, rng.uniform(0.05, 1.5, (count, size)).astype(np.float32))


@given(st.integers(0, 10_000), st.integers(2, 6), st.booleans())
def test_the_aggregate_posterior_is_the_mean_over_the_images(seed: int, size: int, turned: bool) -> None:
    from scipy.stats import multivariate_normal

    codes = gaussian_codes(12, size, seed)
    assert codes.std is not None
    make = plane_of_components if turned else plane_of_dimensions
    plane = make(codes.mean, 0, 1)
    xy = plane.to_plane(codes.mean)
    points = np.random.default_rng(seed + 1).uniform(-3, 3, (20, 2))
    density = log_density(points, xy, mixture(codes, xy, plane.axes))
    expected = np.zeros(len(points))
    for position, std in zip(xy, codes.std, strict=True):
        covariance = plane.axes @ np.diag(np.square(std.astype(np.float64))) @ plane.axes.T
        expected += multivariate_normal(mean=position, cov=covariance).pdf(points) / len(xy)
    np.testing.assert_allclose(density, np.log(expected), atol=1e-9)


def test_a_marginal_has_the_covariance_of_projected_samples() -> None:
    codes = gaussian_codes(1, 4, 3)
    assert codes.std is not None
    plane = plane_of_components(gaussian_codes(50, 4, 4).mean, 0, 2)
    rng = np.random.default_rng(0)
    samples = codes.mean + codes.std * rng.standard_normal((200_000, 4))
    expected = np.cov(plane.to_plane(samples).T)
    np.testing.assert_allclose(plane_covariances(plane.axes, codes.std)[0], expected, atol=0.02)


def test_point_codes_have_scipys_kernel_density() -> None:
    from scipy.stats import gaussian_kde

    xy = np.random.default_rng(1).normal(size=(500, 2)) @ np.array([[2.0, 0.5], [0.0, 0.3]])
    points = np.random.default_rng(2).normal(size=(40, 2))
    density = log_density(points, xy, mixture(Codes(xy.astype(np.float32)), xy, None))
    np.testing.assert_allclose(density, gaussian_kde(xy.T).logpdf(points.T), rtol=1e-3)


def test_far_away_the_log_density_is_finite() -> None:
    density = log_density(np.array([[1000.0, 0.0]]), np.zeros((2, 2)), np.eye(2))
    assert density[0] == pytest.approx(-(1000.0**2) / 2 - np.log(2 * np.pi))


def test_a_direction_without_variance_has_a_kernel() -> None:
    flat = np.stack([np.linspace(-1, 1, 50), np.zeros(50)], axis=1)
    assert np.linalg.eigvalsh(kernel_covariance(flat)).min() > 0
    assert np.linalg.eigvalsh(kernel_covariance(np.zeros((1, 2)))).min() > 0


def test_a_widened_density_is_the_average_over_the_cell() -> None:
    """Compared with the mean over a fine grid in the cell, for a Gaussian about as wide as the cell."""
    side = 0.5
    fine = (np.arange(50) + 0.5) / 50 * side - side / 2
    inside = np.stack(np.meshgrid(fine, fine), axis=-1).reshape(-1, 2) + 0.4
    means, around = np.zeros((1, 2)), np.eye(2) * 0.25
    exact = np.log(np.exp(log_density(inside, means, around)).mean())
    widened_density = log_density(np.array([[0.4, 0.4]]), means, widened(around, (side, side)))
    assert widened_density[0] == pytest.approx(exact, abs=0.01)


def test_the_computation_can_be_cancelled() -> None:
    def stop(done: float, total: float | None, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        log_density(np.zeros((4, 2)), np.zeros((3, 2)), np.eye(2), stop)
