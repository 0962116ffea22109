"""Embeddings keep neighbours together, continue from earlier ones, and map to codes and back."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from aestudio.analysis.embedding import Embedding2D, embed_codes, scaled_progress
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.analysis.embedding_umap import fuzzy_graph
from aestudio.analysis.neighbours import nearest_neighbours
from aestudio.analysis.projections import plane_of_components
from aestudio.errors import BadChoice, Cancelled, StudioError
from tests.residual import residual

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def clusters(count: int = 300, size: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes (N, L) of five clusters, and which each is of."""
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % 5
    centres = 3 * draw.normal(size=(5, size))
    return (centres[labels] + draw.normal(size=(count, size))).astype(np.float32), labels


def purity(xy: np.ndarray, labels: np.ndarray) -> float:
    """Share of points whose nearest neighbour is in their own cluster."""
    _, found = cKDTree(xy).query(xy, k=2)
    return float((labels[found[:, 1]] == labels).mean())


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddingProcess]:
    with EmbeddingProcess() as process:
        yield process


@pytest.fixture(scope="module")
def tsne(process: EmbeddingProcess) -> Embedding2D:
    return embed_codes(clusters()[0], "tsne", process=process)


def test_an_embedding_keeps_clusters_together(tsne: Embedding2D) -> None:
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


def test_the_same_codes_give_the_same_embedding(tsne: Embedding2D, process: EmbeddingProcess) -> None:
    np.testing.assert_array_equal(embed_codes(clusters()[0], "tsne", process=process).xy, tsne.xy)


def test_points_map_to_codes_and_back(tsne: Embedding2D) -> None:
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


def test_an_embedding_continues_from_the_previous_one(tsne: Embedding2D, process: EmbeddingProcess) -> None:
    codes, _ = clusters()
    later = codes + 0.1 * np.random.default_rng(1).normal(size=codes.shape).astype(np.float32)
    went_on = embed_codes(later, "tsne", start=tsne.xy, process=process)
    anew = embed_codes(later[:, ::-1].copy(), "tsne", process=process)
    assert residual(went_on.xy, tsne.xy) < 0.2
    assert residual(went_on.xy, tsne.xy) < residual(anew.xy, tsne.xy)


def test_an_embedding_is_extended_from_a_smaller_one(tsne: Embedding2D, process: EmbeddingProcess) -> None:
    codes, labels = clusters(400)
    codes[:300] = clusters()[0]
    grown = embed_codes(codes, "tsne", start=tsne.xy, process=process)
    assert residual(grown.xy[:300], tsne.xy) < 0.5
    assert purity(grown.xy, labels) > 0.9


def test_an_embedding_reports_progress_and_can_be_cancelled(
    counter, process: EmbeddingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = counter()
    embed_codes(clusters(60)[0], "tsne", recorder, process=process)
    shares = [done / total for done, total, _ in recorder.calls]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    monkeypatch.setattr("aestudio.analysis.embedding_tsne.LATE", 1_000_000)
    for calls in (1, 2, 8):
        with pytest.raises(Cancelled):
            embed_codes(clusters(60)[0], "tsne", counter(cancel_after=calls), process=process)
        assert calls < 8 or not process.alive()


def test_too_few_codes_and_unknown_kinds_are_refused() -> None:
    with pytest.raises(StudioError, match="at least 20 codes, and there are 19"):
        embed_codes(clusters(19)[0], "tsne")
    with pytest.raises(BadChoice, match="pca"):
        embed_codes(clusters()[0], "pca")  # type: ignore[arg-type]


def test_identical_and_one_dimensional_codes_can_be_embedded(process: EmbeddingProcess) -> None:
    same = embed_codes(np.ones((40, 4), np.float32), "tsne", process=process)
    assert np.isfinite(same.xy).all()
    line = embed_codes(np.linspace(0, 1, 60, dtype=np.float32)[:, None], "tsne", process=process)
    assert purity(line.xy, np.arange(60) // 30) > 0.9


def test_scaled_progress_covers_its_part(counter) -> None:
    recorder = counter()
    part = scaled_progress(recorder, 0.25, 0.75)
    part(0, 10, "a")
    part(5, 10, "a")
    part(0, None, "b")
    part(20, 10, "b")
    assert recorder.calls == [(0.25, 1.0, "a"), (0.5, 1.0, "a"), (0.25, 1.0, "b"), (0.75, 1.0, "b")]


def test_weights_of_the_graph_sum_to_the_logarithm_of_the_neighbours() -> None:
    codes, _ = clusters()
    indices, distances = nearest_neighbours(codes, 14)
    graph = fuzzy_graph(indices, distances).toarray()
    np.testing.assert_allclose(graph, graph.T)
    assert graph.max() == pytest.approx(1)
    assert (graph.diagonal() == 0).all()
    # P + Q - P Q with Q = P^T; a point that is no other point's neighbour has its own weights only.
    assert ((graph > 0).sum(1) >= 14).all()


THEIRS = """
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.analysis.embedding_umap import fuzzy_graph, optimise
from aestudio.progress import silent

given = np.load(sys.argv[1])
indices, distances = given["indices"], given["distances"]
own = np.arange(len(indices))[:, None]
theirs, _, _ = fuzzy_simplicial_set(
    given["codes"], 15, np.random.RandomState(0), "euclidean",
    knn_indices=np.concatenate([own, indices], axis=1),
    knn_dists=np.concatenate([np.zeros_like(own, np.float32), distances], axis=1),
)
low, high = given["begin"].min(0), given["begin"].max(0)
begin = (10.0 * (given["begin"] - low) / (high - low)).astype(np.float32)
ours = optimise(theirs.tocoo(), begin, 200, 1.0, silent)
graph = fuzzy_graph(indices, distances)
kept = theirs.toarray()  # what comes now changes it in place
a, b = find_ab_params(1.0, 0.1)
embedded, _ = simplicial_set_embedding(
    given["codes"], theirs, 2, 1.0, a, b, 1.0, 5, 200, given["begin"], np.random.RandomState(0), "euclidean",
    {}, False, {}, False,
)
np.savez(sys.argv[2], embedded=embedded, ours=ours, theirs=kept, graph=graph.toarray())
"""


@pytest.mark.slow
def test_graph_and_optimisation_are_umaps(tmp_path: Path) -> None:
    # In a process of its own: this one must not import umap-learn, which other tests assert.
    codes, _ = clusters()
    indices, distances = nearest_neighbours(codes, 14)
    begin = codes[:, :2].astype(np.float32)
    given, result = tmp_path / "given.npz", tmp_path / "result.npz"
    np.savez(given, codes=codes, indices=indices, distances=distances, begin=begin)
    subprocess.run([sys.executable, "-c", THEIRS, str(given), str(result)], check=True)
    with np.load(result) as found:
        np.testing.assert_allclose(found["graph"], found["theirs"], atol=1e-4)
        np.testing.assert_array_equal(found["ours"], found["embedded"])


def test_umap_keeps_clusters_continues_and_is_not_imported_here(process: EmbeddingProcess) -> None:
    imported = set(sys.modules)  # other tests may have imported some: a mixture of scikit-learn does
    codes, labels = clusters()
    result = embed_codes(codes, "umap", process=process)
    assert purity(result.xy, labels) > 0.97
    np.testing.assert_array_equal(embed_codes(codes, "umap", process=process).xy, result.xy)
    assert residual(embed_codes(codes, "umap", start=result.xy, process=process).xy, result.xy) < 0.2
    assert not {"umap", "numba", "openTSNE", "sklearn.manifold"} & (set(sys.modules) - imported)


@pytest.mark.slow
def test_another_process_gives_the_same_embedding(process: EmbeddingProcess) -> None:
    codes, _ = clusters()
    np.testing.assert_array_equal(
        embed_codes(codes, "umap").xy, embed_codes(codes, "umap", process=process).xy
    )
