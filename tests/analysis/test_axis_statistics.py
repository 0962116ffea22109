"""The statistics of the latent sliders, compared with closed forms and torch's divergences."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.analysis.axis_statistics import ACTIVE, kl_per_dimension, latent_statistics
from aestudio.analysis.latent_ranges import latent_ranges
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import Codes


@pytest.fixture
def gaussian() -> Codes:
    """Five dimensions: wide, medium, barely active, barely inactive, collapsed; (400, 5)."""
    random = np.random.default_rng(0)
    spread = np.array([1.4, 0.6, 0.11, 0.09, 0.0])
    unit = random.standard_normal((400, 5))
    unit = (unit - unit.mean(0)) / unit.std(0, ddof=1)
    std = np.array([0.1, 0.7, 0.99, 0.98, 1.0]) * random.uniform(0.9, 1.1, (400, 5))
    return Codes((unit * spread + [0.3, 0, 0, 0, 0]).astype(np.float32), std.astype(np.float32))


def test_the_kl_is_that_of_torchs_normal_distributions(gaussian: Codes) -> None:
    assert gaussian.std is not None
    posterior = torch.distributions.Normal(
        torch.tensor(gaussian.mean).double(), torch.tensor(gaussian.std).double()
    )
    prior = torch.distributions.Normal(torch.zeros(5).double(), torch.ones(5).double())
    expected = torch.distributions.kl_divergence(posterior, prior).mean(0).numpy()
    np.testing.assert_allclose(kl_per_dimension(gaussian), expected, rtol=1e-6)
    statistics = latent_statistics(gaussian, True).dimensions
    assert statistics.kl is not None
    np.testing.assert_allclose(statistics.kl, expected, rtol=1e-6)
    np.testing.assert_array_equal(statistics.information, statistics.kl)


def test_a_known_posterior_costs_what_the_closed_form_says() -> None:
    """N(1, 1) against N(0, 1) is half a nat; N(0, e^2) is (e^2 - 3) / 2; N(0, 1) nothing."""
    std = np.tile([1.0, np.e, 1.0], (7, 1)).astype(np.float32)
    codes = Codes(np.tile([1.0, 0.0, 0.0], (7, 1)).astype(np.float32), std)
    np.testing.assert_allclose(kl_per_dimension(codes), [0.5, (np.e**2 - 3) / 2, 0.0], rtol=1e-6, atol=1e-7)


def test_a_posterior_without_width_has_a_finite_kl() -> None:
    codes = Codes(np.zeros((3, 1), np.float32), np.zeros((3, 1), np.float32))
    assert np.isfinite(kl_per_dimension(codes)).all()


def test_active_units_of_burda(gaussian: Codes) -> None:
    """Var of the means above 0.01: 0.11 squared is, 0.09 squared is not."""
    statistics = latent_statistics(gaussian, True).dimensions
    assert statistics.active.tolist() == [True, True, True, False, False]
    variance = gaussian.mean.astype(float).var(axis=0, ddof=1)
    np.testing.assert_allclose(np.square(statistics.std), variance, rtol=1e-6, atol=1e-12)


def test_activity_of_point_codes_is_relative_to_the_widest_dimension(gaussian: Codes) -> None:
    """The same codes a thousand times as large and without a prior: no absolute scale."""
    large = Codes(1000 * gaussian.mean)
    statistics = latent_statistics(large, False).dimensions
    variance = large.mean.astype(float).var(axis=0)
    assert (
        statistics.active.tolist()
        == (variance > ACTIVE * variance.max()).tolist()
        == [True, True] + 3 * [False]
    )
    assert statistics.sigma is None
    assert statistics.kl is None
    np.testing.assert_allclose(statistics.information, variance / variance.sum(), rtol=1e-4, atol=1e-9)
    # The neutral position is the mean of the data, not of a prior.
    np.testing.assert_allclose(
        statistics.axes.neutral, large.mean.astype(float).mean(0), rtol=1e-5, atol=1e-4
    )


def test_equal_codes_have_no_active_dimension() -> None:
    statistics = latent_statistics(Codes(np.full((5, 3), 2.0, np.float32)), False)
    for basis in ("dimensions", "components"):
        found = statistics.metrics_of(basis)
        assert not found.active.any()
        assert (found.share == 0).all()
        assert (found.ranges[:, 0] < found.ranges[:, 1]).all()


def test_the_ranges_match_those_of_the_sliders(gaussian: Codes) -> None:
    statistics = latent_statistics(gaussian, True)
    np.testing.assert_allclose(statistics.dimensions.ranges, latent_ranges(gaussian), rtol=3e-3)
    points = Codes(gaussian.mean)
    np.testing.assert_allclose(latent_statistics(points, False).dimensions.ranges, latent_ranges(points))


def test_sigma_along_dimensions_is_the_mean_std(gaussian: Codes) -> None:
    assert gaussian.std is not None
    statistics = latent_statistics(gaussian, True)
    assert statistics.dimensions.sigma is not None
    np.testing.assert_allclose(statistics.dimensions.sigma, gaussian.std.astype(float).mean(0), rtol=1e-6)
    np.testing.assert_allclose(statistics.dimensions.sigma_of(gaussian.std[3]), gaussian.std[3], rtol=1e-6)


def test_sigma_along_a_component_is_that_of_samples() -> None:
    """Samples of one posterior, projected on a slanting axis, spread as far as the figure says."""
    random = np.random.default_rng(1)
    base = random.standard_normal((300, 1)) @ [[2.0, 1.0, 0.5]] + 0.3 * random.standard_normal((300, 3))
    std = np.tile([0.2, 0.9, 0.4], (300, 1)).astype(np.float32)
    statistics = latent_statistics(Codes(base.astype(np.float32), std), True).components
    samples = base[0] + random.standard_normal((200_000, 3)) * std[0]
    spread = statistics.axes.coordinates(samples).std(axis=0)
    assert statistics.sigma is not None
    np.testing.assert_allclose(statistics.sigma, spread, rtol=0.01)
    np.testing.assert_allclose(statistics.sigma_of(std[0]), spread, rtol=0.01)
    assert statistics.kl is None  # the KL has no parts along components


def test_components_are_counted_in_standard_deviations_from_the_mean(gaussian: Codes) -> None:
    statistics = latent_statistics(gaussian, True)
    axes = statistics.axes_of("components")
    placed = axes.coordinates(gaussian.mean)
    np.testing.assert_allclose(placed.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(placed[:, :4].std(axis=0, ddof=1), 1, rtol=1e-4)
    assert statistics.components.share.sum() == pytest.approx(1)
    assert (np.diff(statistics.components.share) <= 1e-12).all()
    assert (axes.neutral == 0).all()
    # From the coordinates back to the code.
    code = axes.with_coordinates(gaussian.mean[0], range(5), placed[1])
    np.testing.assert_allclose(code, gaussian.mean[1], atol=1e-4)


def test_shipped_codes_have_a_prior_and_no_std(gaussian: Codes) -> None:
    statistics = latent_statistics(Codes(gaussian.mean), True).dimensions
    assert statistics.sigma is None
    assert (statistics.axes.neutral == 0).all()
    assert statistics.active.tolist() == [True, True, True, False, False]
    np.testing.assert_array_equal(statistics.information, statistics.share)


def test_one_latent_dimension() -> None:
    statistics = latent_statistics(Codes(np.array([[1.0], [3.0]], np.float32)), False)
    assert statistics.dimensions.share.tolist() == [1.0]
    assert statistics.components.axes.vectors.tolist() == [[1.0]]
    with pytest.raises(StudioError, match="at least two"):
        latent_statistics(Codes(np.zeros((1, 4), np.float32)), False)
