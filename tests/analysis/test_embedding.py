"""Embeddings keep neighbours together, continue from earlier ones, and map to codes and back."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from aestudio.analysis.embedding import Embedding2D, embed_codes, scaled_progress
from aestudio.analysis.embedding_plan import Orders, spread
from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.analysis.embedding_settings import KINDS, TsneSettings, UmapSettings, infos_of
from aestudio.analysis.embedding_umap import fuzzy_graph
from aestudio.analysis.neighbours import nearest_neighbours
from aestudio.analysis.projections import plane_of_components
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.recipes.setting import change
from tests.residual import residual

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.analysis.embedding_settings import EmbeddingKind, EmbeddingSettings


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


@pytest.mark.thorough
def test_an_embedding_reports_progress_and_can_be_cancelled(counter, process: EmbeddingProcess) -> None:
    recorder = counter()
    embed_codes(clusters(60)[0], "tsne", recorder, process=process)
    shares = [done / total for done, total, _ in recorder.calls]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    long = TsneSettings(iterations=10_000)
    for calls in (1, 2, 8):
        cancelled = counter(cancel_after=calls)
        with pytest.raises(Cancelled):
            embed_codes(clusters(60)[0], "tsne", cancelled, process=process, settings=long)
        assert calls < 8 or not process.alive()


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("tsne", TsneSettings(iterations=600, learning_rate=80, perplexity=11.5)), ("umap", UmapSettings())],
)
def test_a_pause_changes_nothing_and_the_embedding_is_seen_meanwhile(
    kind: EmbeddingKind, settings: EmbeddingSettings, process: EmbeddingProcess
) -> None:
    codes, _ = clusters()
    plain = embed_codes(codes, kind, process=process, settings=settings, orders=Orders(100))
    seen: list[Embedding2D] = []
    rest: list[int] = []

    def show(live: Embedding2D) -> None:
        seen.append(live)
        if len(seen) == 1:
            process.order(Orders(102, paused=True))

    def progress(done: float, total: float | None, what: str) -> None:
        """The process reports nothing while it is paused; after a while of that it is told to go on."""
        rest.append(len(seen))
        if len(rest) > 4 and rest[-1] == rest[-4] and rest[-1] >= 1:
            process.order(Orders(103))

    again = embed_codes(
        codes, kind, progress, process=process, settings=settings, orders=Orders(101), show=show
    )
    np.testing.assert_array_equal(again.xy, plain.xy)
    assert (again.done, again.total) == (plain.done, plain.total)
    assert again.done == again.total > 0
    done = [live.done for live in seen]
    assert done == sorted(done)
    assert done[0] == 0
    assert len(seen) >= 2
    assert not np.array_equal(seen[0].xy, again.xy)


@pytest.mark.parametrize("kind", ["tsne", "umap"])
def test_a_stopped_embedding_keeps_what_it_has(kind: EmbeddingKind, process: EmbeddingProcess) -> None:
    seen: list[Embedding2D] = []

    def show(live: Embedding2D) -> None:
        seen.append(live)
        if live.done > 0:
            process.order(Orders(201, stopped=True))

    settings = TsneSettings(iterations=10_000) if kind == "tsne" else UmapSettings()
    codes = clusters(1_500)[0] if kind == "umap" else clusters()[0]
    stopped = embed_codes(codes, kind, process=process, settings=settings, orders=Orders(200), show=show)
    assert 0 < stopped.done < stopped.total
    np.testing.assert_array_equal(stopped.xy, seen[-1].xy)
    assert process.alive(), "it waits for the next one"


def test_a_perturbation_moves_all_points_by_a_tenth_of_their_spread(process: EmbeddingProcess) -> None:
    orders = iter((Orders(301, paused=True, perturbations=1), Orders(302, perturbations=1, stopped=True)))
    seen: list[Embedding2D] = []

    def show(live: Embedding2D) -> None:
        seen.append(live)
        if (order := next(orders, None)) is not None:
            process.order(order)

    embed_codes(
        clusters()[0],
        "tsne",
        process=process,
        settings=TsneSettings(iterations=10_000),
        orders=Orders(300, paused=True),  # from its first positions on: a later pause may come after any step
        show=show,
    )
    before, after = seen[0], seen[1]
    assert before.done == after.done, "no step between"
    moved = after.xy - before.xy
    assert (moved != 0).all()
    assert moved.std() == pytest.approx(0.1 * spread(before.xy), rel=0.1)


def test_settings_decide_the_embedding_and_the_seed_makes_it_the_same_again(
    process: EmbeddingProcess,
) -> None:
    codes, labels = clusters(120)

    def tsne_with(**values: object) -> np.ndarray:
        settings = TsneSettings(**{"iterations": 60, "perplexity": 10} | values)  # type: ignore[arg-type]
        return embed_codes(codes, "tsne", process=process, settings=settings).xy

    usual = tsne_with()
    np.testing.assert_array_equal(tsne_with(), usual)
    np.testing.assert_array_equal(tsne_with(points=50), usual, "the caller chooses the codes")
    for name, value in (
        ("perplexity", 4),
        ("learning_rate", 20.0),
        ("exaggeration", 3),
        ("iterations", 90),
        ("start", "random"),
        ("seed", 1),
    ):
        assert not np.allclose(tsne_with(**{name: value}), usual, rtol=1e-3), name
    # The automatic learning rate is the number of points / exaggeration.
    np.testing.assert_array_equal(
        tsne_with(exaggeration=1, learning_rate=120), tsne_with(exaggeration=1, learning_rate=0)
    )

    def umap_with(**values: object) -> np.ndarray:
        return embed_codes(codes, "umap", process=process, settings=UmapSettings(**values)).xy  # type: ignore[arg-type]

    plain = umap_with()
    for name, value in (
        ("neighbours", 5),
        ("minimum_distance", 0.7),
        ("metric", "cosine"),
        ("metric", "manhattan"),
        ("start", "random"),
        ("seed", 1),
    ):
        other = umap_with(**{name: value})
        assert not np.allclose(other, plain, rtol=1e-3), name
        assert name == "neighbours" or purity(other, labels) > 0.9
    apart = cKDTree(umap_with(minimum_distance=0.9)).query(umap_with(minimum_distance=0.9), k=2)[0][:, 1]
    assert np.median(apart) > 2 * np.median(cKDTree(plain).query(plain, k=2)[0][:, 1])


def test_settings_out_of_range_are_refused_and_the_form_has_its_own_ones_first() -> None:
    with pytest.raises(BadChoice, match="perplexity"):
        change(TsneSettings(), {"perplexity": 1})
    with pytest.raises(BadChoice, match="minimum_distance"):
        change(UmapSettings(), {"minimum_distance": 1.5})
    assert [info.name for info in infos_of("umap")] == [
        "neighbours",
        "minimum_distance",
        "metric",
        "points",
        "start",
        "seed",
    ]
    assert all(info.help for kind in KINDS for info in infos_of(kind))


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


@pytest.mark.thorough
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
ours = optimise(theirs.tocoo(), begin, {"epochs": 200, "rate": 1.0, "nearest": 0.1, "seed": 0})
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


@pytest.mark.thorough
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
