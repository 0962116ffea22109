"""Exact neighbours against scipy's trees; weights without jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from aestudio.analysis import neighbours
from aestudio.analysis.neighbours import nearest, nearest_neighbours, neighbour_weights
from aestudio.errors import Cancelled

if TYPE_CHECKING:
    from aestudio.analysis.neighbours import Metric


def codes(count: int = 300, size: int = 7, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=(count, size)) + 100).astype(np.float32)


def test_neighbours_match_those_of_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_PAIRS", 300 * 64)  # in several parts
    points = codes()
    indices, distances = nearest_neighbours(points, 9)
    far, found = cKDTree(points).query(points, k=10)
    np.testing.assert_array_equal(indices, found[:, 1:])
    np.testing.assert_allclose(distances, far[:, 1:], rtol=1e-4)


@pytest.mark.parametrize(("metric", "theirs"), [("cosine", "cosine"), ("manhattan", "cityblock")])
def test_neighbours_by_other_metrics_are_those_of_scipy(
    metric: Metric, theirs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_PAIRS", 300 * 64)  # in several parts
    points = codes() - 100
    far = cdist(points.astype(np.float64), points.astype(np.float64), theirs)  # type: ignore[call-overload]
    np.fill_diagonal(far, np.inf)
    indices, distances = nearest_neighbours(points, 9, metric=metric)
    np.testing.assert_allclose(distances, np.sort(far, axis=1)[:, :9], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(far, indices, 1), distances, atol=1e-5)


@pytest.mark.parametrize("count", [1, 100])
def test_neighbours_of_other_codes_match_those_of_a_tree(count: int) -> None:
    points, queries = codes(), codes(count, seed=1)
    indices, distances = nearest(queries, points, 5)
    far, found = cKDTree(points).query(queries, k=5)
    np.testing.assert_array_equal(indices, found)
    np.testing.assert_allclose(distances, far, rtol=1e-4)
    indices, _ = nearest(queries, points[:3], 3)
    assert sorted(indices[0]) == [0, 1, 2]


def test_a_search_reports_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, counter) -> None:
    monkeypatch.setattr(neighbours, "_PAIRS", 300 * 50)
    recorder = counter()
    nearest_neighbours(codes(), 5, recorder)
    done = [call[0] for call in recorder.calls]
    assert done == [0, 50, 100, 150, 200, 250, 300]
    with pytest.raises(Cancelled):
        nearest_neighbours(codes(), 5, counter(cancel_after=2))


def test_a_weighted_mean_is_continuous_where_neighbours_change() -> None:
    points, values = codes(40, 2), np.random.default_rng(3).normal(size=40)

    def mean(at: np.ndarray) -> np.ndarray:
        indices, distances = nearest(at.astype(np.float32), points, 6)
        return (neighbour_weights(distances) * values[indices]).sum(axis=1)

    path = np.linspace(points[0], points[1], 4001)
    steps = np.abs(np.diff(np.concatenate([mean(part) for part in np.array_split(path, 300)])))
    assert steps.max() < 0.02
    np.testing.assert_allclose(mean(points[:5]), values[:5], atol=1e-6)


def test_weights_of_equal_distances_are_equal() -> None:
    np.testing.assert_allclose(neighbour_weights(np.ones((2, 4))), 0.25)
    np.testing.assert_allclose(neighbour_weights(np.zeros((1, 4))), 0.25)
    np.testing.assert_allclose(neighbour_weights(np.array([[0.0, 0.0, 1.0]])), [[0.5, 0.5, 0]])
    assert neighbour_weights(np.array([[1.0, 2.0, 3.0]])).sum() == pytest.approx(1)
