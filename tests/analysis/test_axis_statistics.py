"""The figures of the mixing desk's strips against closed forms and torch's own divergences."""

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
    """Five dimensions: wide, middling, barely active, barely not, silent; (400, 5)."""
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
    figures = latent_statistics(gaussian, True).dimensions
    assert figures.kl is not None
    np.testing.assert_allclose(figures.kl, expected, rtol=1e-6)
    np.testing.assert_array_equal(figures.information, figures.kl)


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
    figures = latent_statistics(gaussian, True).dimensions
    assert figures.active.tolist() == [True, True, True, False, False]
    variance = gaussian.mean.astype(float).var(axis=0, ddof=1)
    np.testing.assert_allclose(np.square(figures.std), variance, rtol=1e-6, atol=1e-12)


def test_point_codes_are_compared_with_their_widest(gaussian: Codes) -> None:
    """The same codes a thousand times as large and without a prior: no absolute scale."""
    large = Codes(1000 * gaussian.mean)
    figures = latent_statistics(large, False).dimensions
    variance = large.mean.astype(float).var(axis=0)
    assert (
        figures.active.tolist() == (variance > ACTIVE * variance.max()).tolist() == [True, True] + 3 * [False]
    )
    assert figures.sigma is None
    assert figures.kl is None
    np.testing.assert_allclose(figures.information, variance / variance.sum(), rtol=1e-4, atol=1e-9)
    # Silent strips stand at the data's mean, not at a prior's.
    np.testing.assert_allclose(figures.axes.neutral, large.mean.astype(float).mean(0), rtol=1e-5, atol=1e-4)


def test_codes_that_are_all_the_same_have_nothing_active() -> None:
    figures = latent_statistics(Codes(np.full((5, 3), 2.0, np.float32)), False)
    for basis in ("dimensions", "components"):
        found = figures.metrics_of(basis)
        assert not found.active.any()
        assert (found.share == 0).all()
        assert (found.ranges[:, 0] < found.ranges[:, 1]).all()


def test_the_ranges_are_the_sliders(gaussian: Codes) -> None:
    figures = latent_statistics(gaussian, True)
    np.testing.assert_allclose(figures.dimensions.ranges, latent_ranges(gaussian), rtol=3e-3)
    points = Codes(gaussian.mean)
    np.testing.assert_allclose(latent_statistics(points, False).dimensions.ranges, latent_ranges(points))


def test_sigma_along_dimensions_is_the_mean_deviation(gaussian: Codes) -> None:
    assert gaussian.std is not None
    figures = latent_statistics(gaussian, True)
    assert figures.dimensions.sigma is not None
    np.testing.assert_allclose(figures.dimensions.sigma, gaussian.std.astype(float).mean(0), rtol=1e-6)
    np.testing.assert_allclose(figures.dimensions.sigma_of(gaussian.std[3]), gaussian.std[3], rtol=1e-6)


def test_sigma_along_a_component_is_that_of_samples() -> None:
    """Samples of one posterior, projected on a slanting axis, spread as far as the figure says."""
    random = np.random.default_rng(1)
    base = random.standard_normal((300, 1)) @ [[2.0, 1.0, 0.5]] + 0.3 * random.standard_normal((300, 3))
    std = np.tile([0.2, 0.9, 0.4], (300, 1)).astype(np.float32)
    figures = latent_statistics(Codes(base.astype(np.float32), std), True).components
    samples = base[0] + random.standard_normal((200_000, 3)) * std[0]
    spread = figures.axes.coordinates(samples).std(axis=0)
    assert figures.sigma is not None
    np.testing.assert_allclose(figures.sigma, spread, rtol=0.01)
    np.testing.assert_allclose(figures.sigma_of(std[0]), spread, rtol=0.01)
    assert figures.kl is None  # the KL has no parts along components


def test_components_are_counted_in_standard_deviations_from_the_mean(gaussian: Codes) -> None:
    figures = latent_statistics(gaussian, True)
    axes = figures.axes_of("components")
    placed = axes.coordinates(gaussian.mean)
    np.testing.assert_allclose(placed.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(placed[:, :4].std(axis=0, ddof=1), 1, rtol=1e-4)
    assert figures.components.share.sum() == pytest.approx(1)
    assert (np.diff(figures.components.share) <= 1e-12).all()
    assert (axes.neutral == 0).all()
    # From the coordinates back to the code.
    code = axes.with_coordinates(gaussian.mean[0], range(5), placed[1])
    np.testing.assert_allclose(code, gaussian.mean[1], atol=1e-4)


def test_shipped_codes_have_a_prior_and_no_deviation(gaussian: Codes) -> None:
    figures = latent_statistics(Codes(gaussian.mean), True).dimensions
    assert figures.sigma is None
    assert (figures.axes.neutral == 0).all()
    assert figures.active.tolist() == [True, True, True, False, False]
    np.testing.assert_array_equal(figures.information, figures.share)


def test_one_number_and_one_code() -> None:
    figures = latent_statistics(Codes(np.array([[1.0], [3.0]], np.float32)), False)
    assert figures.dimensions.share.tolist() == [1.0]
    assert figures.components.axes.vectors.tolist() == [[1.0]]
    with pytest.raises(StudioError, match="at least two"):
        latent_statistics(Codes(np.zeros((1, 4), np.float32)), False)
