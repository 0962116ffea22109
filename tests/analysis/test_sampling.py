"""Samples and their nearest real digits, against scikit-learn and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from aestudio.analysis.sampling import fit_mixture, nearest_images
from aestudio.errors import BadChoice, StudioError


@pytest.fixture(scope="module")
def two_clusters() -> np.ndarray:
    random = np.random.default_rng(3)
    near = random.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 900)
    far = random.multivariate_normal([10, -5], [[0.2, 0], [0, 0.3]], 300)
    return np.concatenate([near, far]).astype(np.float32)


def test_a_mixture_fits_two_clusters_and_samples_from_them(two_clusters: np.ndarray) -> None:
    mixture = fit_mixture(two_clusters, components=2)
    order = np.argsort(-mixture.weights)
    np.testing.assert_allclose(mixture.weights[order], [0.75, 0.25], atol=1e-3)
    covariance = mixture.roots[order[0]] @ mixture.roots[order[0]].T
    np.testing.assert_allclose(covariance, np.cov(two_clusters[:900].T), atol=0.02)
    drawn = mixture.sample(20_000, 1.0, seed=1)
    far = drawn[:, 0] > 5
    assert abs(far.mean() - 0.25) < 0.02
    np.testing.assert_allclose(np.cov(drawn[far].T), np.cov(two_clusters[900:].T), atol=0.03)


def test_temperature_scales_the_spread_and_zero_gives_the_means(two_clusters: np.ndarray) -> None:
    mixture = fit_mixture(two_clusters, components=2)
    cold = mixture.sample(50, 0.0, seed=2)
    gaps = np.abs(cold[:, None] - mixture.means[None]).max(axis=2).min(axis=1)
    np.testing.assert_allclose(gaps, 0, atol=1e-5)


def test_few_codes_give_fewer_components_and_one_code_none() -> None:
    codes = np.random.default_rng(0).normal(size=(25, 3)).astype(np.float32)
    assert len(fit_mixture(codes).weights) == 2
    with pytest.raises(StudioError):
        fit_mixture(codes[:1])


def test_identical_codes_can_be_fitted() -> None:
    drawn = fit_mixture(np.full((40, 3), 2.5, np.float32)).sample(10, 1.0, seed=0)
    np.testing.assert_allclose(drawn, 2.5, atol=1e-3)


def test_the_nearest_digits_are_those_of_a_brute_force_search() -> None:
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (1_300, 1, 28, 28), dtype=np.uint8)
    samples = random.integers(0, 256, (7, 1, 28, 28), dtype=np.uint8)
    samples[3] = images[1_200]
    found = nearest_images(samples, images, 4)
    search = NearestNeighbors(n_neighbors=4, algorithm="brute").fit(images.reshape(1_300, -1) / 255.0)
    distances, indices = search.kneighbors(samples.reshape(7, -1) / 255.0)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances / 28, atol=1e-7)
    assert found.distances[3, 0] == 0, "a copy is exactly as near as can be"


def test_there_are_at_most_as_many_neighbours_as_images() -> None:
    images = np.zeros((3, 1, 28, 28), np.uint8)
    assert nearest_images(images[:1], images, 3).indices.tolist() == [[0, 1, 2]]
    with pytest.raises(BadChoice):
        nearest_images(images[:1], images, 4)
