"""Layouts keep neighbours together, go on from where they were, and can be walked there and back."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest
from scipy.spatial import cKDTree

from aestudio.analysis.alignment import residual
from aestudio.analysis.layout_umap import fuzzy_graph
from aestudio.analysis.layouts import Neighbourhood, lay_out, staged
from aestudio.analysis.neighbours import nearest_others
from aestudio.analysis.projections import plane_of_components
from aestudio.errors import BadChoice, Cancelled, StudioError


def clusters(count: int = 300, size: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes (N, L) of five clusters, and which each is of."""
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % 5
    centres = 3 * draw.normal(size=(5, size))
    return (centres[labels] + draw.normal(size=(count, size))).astype(np.float32), labels


def purity(xy: np.ndarray, labels: np.ndarray) -> float:
    """Share of points whose nearest other is of their own cluster."""
    _, found = cKDTree(xy).query(xy, k=2)
    return float((labels[found[:, 1]] == labels).mean())


@pytest.fixture(scope="module")
def tsne() -> Neighbourhood:
    return lay_out(clusters()[0], "tsne")


def test_a_layout_keeps_clusters_together(tsne: Neighbourhood) -> None:
    codes, labels = clusters()
    assert tsne.xy.shape == (300, 2)
    assert np.isfinite(tsne.xy).all()
    assert purity(tsne.xy, labels) > 0.97
    assert tsne.titles == ("t-SNE 1", "t-SNE 2")
    assert tsne.size == 8
    assert not tsne.linear
    assert (tsne.limits[:, 0] < tsne.limits[:, 1]).all()
    # It began with the components, and nothing turned it away from them.
    components = plane_of_components(codes, 0, 1).to_plane(codes)
    for axis in range(2):
        assert np.corrcoef(components[:, axis], tsne.xy[:, axis])[0, 1] > 0.5


def test_the_same_codes_lie_in_the_same_places(tsne: Neighbourhood) -> None:
    np.testing.assert_array_equal(lay_out(clusters()[0], "tsne").xy, tsne.xy)


def test_there_and_back_again(tsne: Neighbourhood) -> None:
    codes, labels = clusters()
    np.testing.assert_allclose(tsne.to_plane(codes[:50]), tsne.xy[:50], atol=1e-4)
    np.testing.assert_allclose(tsne.to_plane(codes[:3]), tsne.xy[:3], atol=1e-4)
    np.testing.assert_allclose(tsne.from_plane(tsne.xy[:50], codes[0]), codes[:50], atol=1e-4)
    # Codes that were not laid out come to lie in their own cluster.
    others = codes + 0.5 * np.random.default_rng(5).normal(size=codes.shape).astype(np.float32)
    _, nearest = cKDTree(tsne.xy).query(tsne.to_plane(others))
    assert (labels[nearest] == labels).mean() > 0.95
    # Anywhere on the map there is a code, among those that are laid out.
    anywhere = tsne.from_plane(np.random.default_rng(0).uniform(-500, 500, (20, 2)), codes[0])
    assert anywhere.dtype == np.float32
    assert (anywhere >= codes.min(0) - 1e-4).all()
    assert (anywhere <= codes.max(0) + 1e-4).all()


def test_a_layout_goes_on_from_the_one_before(tsne: Neighbourhood) -> None:
    codes, _ = clusters()
    later = codes + 0.1 * np.random.default_rng(1).normal(size=codes.shape).astype(np.float32)
    went_on, anew = lay_out(later, "tsne", start=tsne.xy), lay_out(later[:, ::-1].copy(), "tsne")
    assert residual(went_on.xy, tsne.xy) < 0.2
    assert residual(went_on.xy, tsne.xy) < residual(anew.xy, tsne.xy)


def test_a_layout_grows_from_a_smaller_one(tsne: Neighbourhood) -> None:
    codes, labels = clusters(400)
    codes[:300] = clusters()[0]
    grown = lay_out(codes, "tsne", start=tsne.xy)
    assert residual(grown.xy[:300], tsne.xy) < 0.5
    assert purity(grown.xy, labels) > 0.9


def test_a_layout_says_how_far_it_is_and_can_be_cancelled(counter) -> None:
    seen = counter()
    lay_out(clusters(60)[0], "tsne", seen)
    shares = [done / total for done, total, _ in seen.calls]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    assert len(shares) > 100
    for calls in (1, 30, len(shares) - 1):
        with pytest.raises(Cancelled):
            lay_out(clusters(60)[0], "tsne", counter(cancel_after=calls))


def test_too_few_codes_and_unknown_kinds_are_refused() -> None:
    with pytest.raises(StudioError, match="at least 20 codes, and there are 19"):
        lay_out(clusters(19)[0], "tsne")
    with pytest.raises(BadChoice, match="pca"):
        lay_out(clusters()[0], "pca")  # type: ignore[arg-type]


def test_codes_that_cannot_be_told_apart_and_single_numbers_are_laid_out() -> None:
    same = lay_out(np.ones((40, 4), np.float32), "tsne")
    assert np.isfinite(same.xy).all()
    line = lay_out(np.linspace(0, 1, 60, dtype=np.float32)[:, None], "tsne")
    assert purity(line.xy, np.arange(60) // 30) > 0.9


def test_stages_fill_their_part_of_the_whole(counter) -> None:
    seen = counter()
    stage = staged(seen, 0.25, 0.75)
    stage(0, 10, "a")
    stage(5, 10, "a")
    stage(0, None, "b")
    stage(20, 10, "b")
    assert seen.calls == [(0.25, 1.0, "a"), (0.5, 1.0, "a"), (0.25, 1.0, "b"), (0.75, 1.0, "b")]


def test_weights_of_the_graph_add_up_to_the_logarithm_of_the_neighbours() -> None:
    codes, _ = clusters()
    indices, distances = nearest_others(codes, 14)
    graph = fuzzy_graph(indices, distances).toarray()
    np.testing.assert_allclose(graph, graph.T)
    assert graph.max() == pytest.approx(1)
    assert (graph.diagonal() == 0).all()
    # One way: P + Q - P Q with Q = P^T; a point that nobody else is near to has its own weights only.
    assert ((graph > 0).sum(1) >= 14).all()


@pytest.mark.slow
def test_the_graph_is_umaps() -> None:
    codes, _ = clusters()
    indices, distances = nearest_others(codes, 14)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap.umap_ import fuzzy_simplicial_set

        own = np.arange(len(codes))[:, None]
        theirs, _, _ = fuzzy_simplicial_set(  # type: ignore[misc]
            codes, 15, np.random.RandomState(0), "euclidean",
            knn_indices=np.concatenate([own, indices], axis=1),
            knn_dists=np.concatenate([np.zeros_like(own, np.float32), distances], axis=1),
        )  # fmt: skip
    np.testing.assert_allclose(fuzzy_graph(indices, distances).toarray(), theirs.toarray(), atol=1e-4)


@pytest.mark.slow
def test_umap_keeps_clusters_goes_on_and_leaves_no_thread() -> None:
    codes, labels = clusters()
    before = threading.active_count()
    made = lay_out(codes, "umap")
    assert purity(made.xy, labels) > 0.97
    np.testing.assert_array_equal(lay_out(codes, "umap").xy, made.xy)
    assert residual(lay_out(codes, "umap", start=made.xy).xy, made.xy) < 0.2
    assert threading.active_count() == before

    calls = 0

    def cancel(done: float, total: float | None, what: str) -> None:
        nonlocal calls
        calls += 1
        if calls > 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        lay_out(codes, "umap", cancel)
