"""Data support: high near the data, low far away, uniform for held-back data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.analysis.data_support.support import (
    NEIGHBOURS,
    DataSupport,
    Support,
    data_support_of,
    neighbour_distances,
    share_beyond,
)
from aestudio.inference.frozen_model import Codes, FrozenModel

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def clusters(count: int, size: int, seed: int) -> np.ndarray:
    """Codes float32 (count, size) in ten Gaussian clusters, as of ten classes."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(0, 4, (10, size))
    return (centres[rng.integers(0, 10, count)] + rng.normal(size=(count, size))).astype(np.float32)


def support_by_distance(codes: np.ndarray) -> DataSupport:
    """A reference with distances only, for codes without a decoder."""
    scale = code_scale_of(Codes(codes))
    points = scale.scaled(codes)
    own = np.arange(min(2000, len(points)))
    distances = np.sort(neighbour_distances(points[own], points, own=True))
    return DataSupport(scale, points, distances, np.zeros(1, np.float32))


def test_distances_are_those_to_the_ten_nearest_others() -> None:
    points = clusters(300, 4, 0)
    every = np.linalg.norm(points[:, None].astype(float) - points[None], axis=-1)
    own = np.arange(250)
    distances = neighbour_distances(points[:250], points, own=True)
    expected = [np.sort(np.delete(every[row], row))[:NEIGHBOURS].mean() for row in own]
    np.testing.assert_allclose(distances, expected, rtol=1e-3)
    other = clusters(20, 4, 7)
    free = np.sort(np.linalg.norm(other[:, None].astype(float) - points[None], axis=-1), axis=1)
    np.testing.assert_allclose(
        neighbour_distances(other, points), free[:, :NEIGHBOURS].mean(axis=1), rtol=1e-3
    )


@pytest.mark.parametrize("size", [1, 2, 10, 32])
def test_shares_of_held_back_data_are_uniform(size: int) -> None:
    """Kolmogorov-Smirnov: 1,000 held-back codes from the same clouds; the bound is that of 1 in 10,000."""
    known = support_by_distance(clusters(3000, size, 1))
    held_back = known.scale.scaled(clusters(1000, size, 2))
    distances = neighbour_distances(held_back, known.points)
    shares = np.sort([share_beyond(known.distances, float(distance)) for distance in distances])
    steps = np.arange(1, 1001) / 1000
    difference = max(np.abs(shares - steps).max(), np.abs(shares - steps + 1 / 1000).max())
    # Both sides are samples: of 1,000 and of 2,000.
    assert difference < 2.23 * np.sqrt(1 / 1000 + 1 / 2000)


def test_share_counts_values_at_least_as_large() -> None:
    known = np.array([1, 2, 2, 3], np.float32)
    assert share_beyond(known, 0.5) == 1
    assert share_beyond(known, 2.0) == pytest.approx(4 / 5)
    assert share_beyond(known, 2.5) == pytest.approx(2 / 5)
    assert share_beyond(known, 3.5) == pytest.approx(1 / 5)
    assert share_beyond(known, 6.5) == 0, "more than twice as far as any"


@pytest.mark.parametrize(
    ("distance_share", "error_share", "verdict"),
    [
        (0.5, 0.06, "supported"),
        (0.5, 0.04, "unusual"),
        (0.02, 0.9, "unusual"),
        (0.004, 0.9, "unsupported"),
        (0.9, 0.0, "unsupported"),
    ],
)
def test_the_smaller_share_decides(distance_share: float, error_share: float, verdict: str) -> None:
    assert Support(1.0, 1.0, distance_share, 0.1, error_share).verdict == verdict


def test_data_is_supported_and_far_codes_are_not(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    train, test = frozen_model.encode(few_digits.train.images), frozen_model.encode(few_digits.test.images)
    data_support = data_support_of(frozen_model, train)
    supports = [data_support.support_of(frozen_model, code) for code in test.mean]
    assert np.mean([support.verdict != "unsupported" for support in supports]) > 0.9
    assert np.median([support.distance_share for support in supports]) > 0.15
    far = train.mean.mean(axis=0) + 20 * train.mean.std(axis=0)
    support = data_support.support_of(frozen_model, far.astype(np.float32))
    assert support.verdict == "unsupported"
    assert support.distance > 5 * support.median_distance


def test_gaussian_codes_are_compared_with_posterior_samples(
    gaussian_model: FrozenModel, few_digits: Dataset
) -> None:
    codes = gaussian_model.encode(few_digits.train.images)
    data_support = data_support_of(gaussian_model, codes)
    assert codes.std is not None
    rng = np.random.default_rng(5)
    samples = codes.mean[:100] + codes.std[:100] * rng.standard_normal((100, 6), dtype=np.float32)
    shares = [data_support.support_of(gaussian_model, code).distance_share for code in samples]
    assert 0.35 < np.mean(shares) < 0.65
    assert data_support.support_of(gaussian_model, np.full(6, 30, np.float32)).verdict == "unsupported"


def test_two_data_codes_are_enough(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    data_support = data_support_of(frozen_model, frozen_model.encode(few_digits.train.images[:2]))
    support = data_support.support_of(frozen_model, np.zeros(6, np.float32))
    assert np.isfinite(
        [support.distance, support.median_distance, support.distance_share, support.error]
    ).all()
