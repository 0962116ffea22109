"""What the codes of a model are, and the prior that a discrete code has."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from aestudio.recipes.latent import CategoricalPrior, Latent, NormalPrior


def test_a_discrete_code_without_a_prior_has_equally_probable_entries() -> None:
    places = Latent("codebook", (4, 3), choices=7)
    assert places.prior == CategoricalPrior(12, 7)
    assert places.prior is not None
    codes = places.prior.sample(200, np.random.default_rng(0))
    assert codes.shape == (200, 12)
    assert all(places.contains(code) for code in codes)
    assert set(codes.ravel()) == set(range(7))
    densities = places.prior.log_density(codes[:1])
    assert densities is not None
    assert densities[0] == pytest.approx(-12 * math.log(7))


def test_a_prior_that_is_given_stays() -> None:
    given = CategoricalPrior(4, 2)
    assert Latent("categorical", (4,), choices=7, prior=given).prior is given
    assert Latent("gaussian", (3,), prior=NormalPrior(3)).prior == NormalPrior(3)
    assert Latent("vector", (3,)).prior is None
    assert Latent("none", (10,)).prior is None


@pytest.mark.parametrize("temperature", [0.0, 0.25, 1.0])
def test_the_temperature_of_entries_is_the_share_that_is_drawn(temperature: float) -> None:
    codes = CategoricalPrior(10, 1000).sample(400, np.random.default_rng(1), temperature)
    assert np.count_nonzero(codes) / codes.size == pytest.approx(0.999 * temperature, abs=0.03)


def test_a_higher_temperature_than_1_draws_the_same_entries() -> None:
    at_1, at_2 = (CategoricalPrior(10, 9).sample(40, np.random.default_rng(1), one) for one in (1.0, 2.0))
    np.testing.assert_array_equal(at_1, at_2)


def test_densities_are_scipys() -> None:
    normal, entries = NormalPrior(3), CategoricalPrior(2, 5)
    codes = normal.sample(20, np.random.default_rng(0))
    expected = stats.multivariate_normal(np.zeros(3), np.eye(3)).logpdf(codes.astype(np.float64))
    np.testing.assert_allclose(normal.log_density(codes), expected, rtol=1e-6)
    codes = np.array([[0, 4], [3, 3], [0, 5], [-1, 2], [0.5, 2]], np.float32)
    expected = stats.randint(0, 5).logpmf(codes).sum(axis=1)
    np.testing.assert_allclose(entries.log_density(codes), expected)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 7.0, -1.0, 0.5])
def test_what_is_no_entry_is_no_code(number: float) -> None:
    assert not Latent("categorical", (2,), choices=7).contains((0.0, number))


def test_the_temperature_of_normal_numbers_is_their_deviation() -> None:
    drawn = NormalPrior(3).sample(40_000, np.random.default_rng(0), 0.5)
    assert drawn.dtype == np.float32
    assert drawn.std() == pytest.approx(0.5, rel=0.01)
