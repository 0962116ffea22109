"""The needle's figures: high where data is, low where none is, uniform for data that was held back."""

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


def blobs(count: int, size: int, seed: int) -> np.ndarray:
    """Ten clouds, as classes are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(0, 4, (10, size))
    return (centres[rng.integers(0, 10, count)] + rng.normal(size=(count, size))).astype(np.float32)


def backing_without_pictures(codes: np.ndarray) -> DataSupport:
    """Only what distances need."""
    spread = code_scale_of(Codes(codes))
    points = spread.scaled(codes)
    own = np.arange(min(2000, len(points)))
    distances = np.sort(neighbour_distances(points[own], points, own=True))
    return DataSupport(spread, points, distances, np.zeros(1, np.float32))


def test_distances_are_those_to_the_ten_nearest_others() -> None:
    points = blobs(300, 4, 0)
    every = np.linalg.norm(points[:, None].astype(float) - points[None], axis=-1)
    own = np.arange(250)
    found = neighbour_distances(points[:250], points, own=True)
    expected = [np.sort(np.delete(every[row], row))[:NEIGHBOURS].mean() for row in own]
    np.testing.assert_allclose(found, expected, rtol=1e-3)
    other = blobs(20, 4, 7)
    free = np.sort(np.linalg.norm(other[:, None].astype(float) - points[None], axis=-1), axis=1)
    np.testing.assert_allclose(
        neighbour_distances(other, points), free[:, :NEIGHBOURS].mean(axis=1), rtol=1e-3
    )


@pytest.mark.parametrize("size", [1, 2, 10, 32])
def test_shares_of_held_back_data_are_uniform(size: int) -> None:
    """Kolmogorov-Smirnov: 1,000 held-back codes from the same clouds; the bound is that of 1 in 10,000."""
    known = backing_without_pictures(blobs(3000, size, 1))
    held = known.spread.scaled(blobs(1000, size, 2))
    distances = neighbour_distances(held, known.points)
    shares = np.sort([share_beyond(known.distances, float(distance)) for distance in distances])
    steps = np.arange(1, 1001) / 1000
    apart = max(np.abs(shares - steps).max(), np.abs(shares - steps + 1 / 1000).max())
    # Both sides are samples: of 1,000 and of 2,000.
    assert apart < 2.23 * np.sqrt(1 / 1000 + 1 / 2000)


def test_shares_count_the_data_that_is_as_far() -> None:
    known = np.array([1, 2, 2, 3], np.float32)
    assert share_beyond(known, 0.5) == 1
    assert share_beyond(known, 2.0) == pytest.approx(4 / 5)
    assert share_beyond(known, 2.5) == pytest.approx(2 / 5)
    assert share_beyond(known, 3.5) == pytest.approx(1 / 5)
    assert share_beyond(known, 6.5) == 0, "more than twice as far as any"


@pytest.mark.parametrize(
    ("near", "returns", "verdict"),
    [
        (0.5, 0.06, "backed"),
        (0.5, 0.04, "edge"),
        (0.02, 0.9, "edge"),
        (0.004, 0.9, "none"),
        (0.9, 0.0, "none"),
    ],
)
def test_the_rarer_of_the_two_decides(near: float, returns: float, verdict: str) -> None:
    assert Support(1.0, 1.0, near, 0.1, returns).verdict == verdict


def test_digits_read_high_and_far_away_reads_low(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    train, test = frozen_model.encode(few_digits.train.images), frozen_model.encode(few_digits.test.images)
    backing = data_support_of(frozen_model, train)
    readings = [backing.reading(frozen_model, code) for code in test.mean]
    assert np.mean([reading.verdict != "none" for reading in readings]) > 0.9
    assert np.median([reading.near for reading in readings]) > 0.15
    far = train.mean.mean(axis=0) + 20 * train.mean.std(axis=0)
    reading = backing.reading(frozen_model, far.astype(np.float32))
    assert reading.verdict == "none"
    assert reading.distance > 5 * reading.typical


def test_a_gaussian_code_counts_as_the_draws_the_decoder_saw(
    gaussian_model: FrozenModel, few_digits: Dataset
) -> None:
    codes = gaussian_model.encode(few_digits.train.images)
    backing = data_support_of(gaussian_model, codes)
    assert codes.std is not None
    rng = np.random.default_rng(5)
    draws = codes.mean[:100] + codes.std[:100] * rng.standard_normal((100, 6), dtype=np.float32)
    shares = [backing.reading(gaussian_model, code).near for code in draws]
    assert 0.35 < np.mean(shares) < 0.65
    assert backing.reading(gaussian_model, np.full(6, 30, np.float32)).verdict == "none"


def test_two_codes_are_enough_for_a_reading(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    backing = data_support_of(frozen_model, frozen_model.encode(few_digits.train.images[:2]))
    reading = backing.reading(frozen_model, np.zeros(6, np.float32))
    assert np.isfinite([reading.distance, reading.typical, reading.near, reading.error]).all()
