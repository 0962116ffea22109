"""UMAP (McInnes, Healy & Melville 2018): umap-learn's optimisation on a graph that is made here.

The graph is the library's own, tested against it; its code for that is compiled for five to eight seconds at
the first use of each process, and the first map would stand so much later (measured).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.embedding_plan import Plan

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

    from aestudio.analysis.embedding_plan import Settings
    from aestudio.progress import Progress

NEIGHBOURS = 15
"""With the point itself, as umap-learn counts them."""
NEAREST, SPREAD = 0.1, 1.0
"""umap-learn's min_dist and spread."""
WIDTH = 10.0
EPOCHS, EPOCHS_OF_MANY, MANY = 500, 200, 10_000
# From places that are known already: nothing has to be sorted out any more, and less may move.
GOING_ON, GROWING, GENTLE = 60, 200, 0.3
_SMALLEST_SIGMA = 1e-3
_BISECTIONS = 64
_TOLD_SECONDS = 0.05


def plan(begin: NDArray[np.float64], placed: int | None) -> Plan:
    """What is to be done to N >= 20 codes that go on from `begin` (N, 2).

    placed: how many of them were on the map before; None for a new one, which starts from `begin` scaled to
            a box of 10 and with a learning rate of 1
    """
    count = len(begin)
    neighbours = min(NEIGHBOURS, count) - 1
    if placed is None:
        epochs = EPOCHS if count <= MANY else EPOCHS_OF_MANY
        return Plan(neighbours, _boxed(begin), {"epochs": epochs, "rate": 1.0})
    epochs = GOING_ON if placed == count else GROWING
    return Plan(neighbours, begin, {"epochs": epochs, "rate": GENTLE})


def embed(
    indices: NDArray[np.int64],
    distances: NDArray[np.float32],
    begin: NDArray[np.float64],
    settings: Settings,
    progress: Progress,
) -> NDArray[np.float64]:
    """The neighbours of N codes, (N, k) each, to places (N, 2), as planned; in the process of layouts."""
    load()
    epochs = int(settings["epochs"])
    progress(0, epochs, "UMAP")
    graph = fuzzy_graph(indices, distances)
    places = optimised(graph, begin, epochs, settings["rate"], progress)
    progress(epochs, epochs, "UMAP")
    return places.astype(np.float64)


def load() -> None:
    """Import what takes a while."""
    import umap.layouts
    import umap.umap_  # noqa: F401


def optimised(
    graph: coo_array, begin: NDArray[np.float64], epochs: int, rate: float, progress: Progress
) -> NDArray[np.float32]:
    """umap-learn's optimisation of places (N, 2) on a graph (N, N), from `begin` as it stands.

    Its `simplicial_set_embedding` does the same, but scales the places to a box of 10 before, also those
    that a layout goes on from.
    """
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, make_epochs_per_sample

    weights = np.asarray(graph.data)
    # Edges that would not be drawn once.
    drawn = weights >= weights.max() / epochs
    places = np.ascontiguousarray(begin, np.float32)
    a, b = find_ab_params(SPREAD, NEAREST)
    seed = np.random.RandomState(0).randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64)
    found = optimize_layout_euclidean(
        places,
        places,
        graph.row[drawn].astype(np.int32),
        graph.col[drawn].astype(np.int32),
        epochs,
        len(places),
        make_epochs_per_sample(weights[drawn], epochs),
        a,
        b,
        seed,
        initial_alpha=rate,
        move_other=True,
        tqdm_kwds=_told_to(progress),
    )
    return np.asarray(found)


def _told_to(progress: Progress) -> dict[str, Any]:
    """For the bar of tqdm that umap-learn shows: each of its texts is a progress."""
    return {
        "disable": False,
        "file": _Bar(progress),
        "bar_format": "{n_fmt}/{total_fmt}",
        "ascii": True,
        "mininterval": _TOLD_SECONDS,
        "miniters": 1,
        "leave": True,
    }


class _Bar:
    """A file for tqdm, which writes "12/500" between signs that move the cursor."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def write(self, text: str) -> None:
        done, slash, total = text.strip().partition("/")
        if slash:
            self._progress(int(done), int(total), "UMAP")

    def flush(self) -> None:
        pass


def fuzzy_graph(indices: NDArray[np.int64], distances: NDArray[np.float32]) -> coo_array:
    """The fuzzy simplicial set of N points as weights (N, N) in (0, 1], symmetric.

    indices, distances: (N, k - 1) nearest others, ascending. As umap-learn makes it with its defaults
    (local connectivity 1, union): exp(-(d - rho) / sigma), rho the distance of the nearest other, sigma
    such that a point's k weights, its own too, add up to log2(k).
    """
    from scipy.sparse import coo_array

    count, others = distances.shape
    far = distances.astype(np.float64)
    rho = np.where(far > 0, far, np.inf).min(axis=1, keepdims=True)
    rho = np.where(np.isfinite(rho), rho, 0.0)
    beyond = np.maximum(far - rho, 0.0)
    sigma = _sigmas(beyond, math.log2(others + 1))
    # The mean counts the point itself, at distance 0.
    means = np.where(
        rho > 0, far.sum(axis=1, keepdims=True) / (others + 1), far.sum() / (count * (others + 1))
    )
    sigma = np.maximum(sigma, _SMALLEST_SIGMA * means)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where((beyond <= 0) | (sigma == 0), 1.0, np.exp(-beyond / sigma))
    rows = np.repeat(np.arange(count), others)
    one_way = coo_array((weights.ravel(), (rows, indices.ravel())), shape=(count, count)).tocsr()
    other_way = one_way.T.tocsr()
    union = (one_way + other_way - one_way.multiply(other_way)).tocoo()
    kept = union.data > 0
    return coo_array((union.data[kept], (union.row[kept], union.col[kept])), shape=union.shape)


def _sigmas(beyond: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    """For each row of distances (N, k) beyond the nearest, sigma (N, 1) with sum exp(-d / sigma) = target."""
    low, high = np.zeros((len(beyond), 1)), np.full((len(beyond), 1), np.inf)
    sigma = np.ones((len(beyond), 1))
    for _ in range(_BISECTIONS):
        too_much = np.exp(-beyond / sigma).sum(axis=1, keepdims=True) > target
        high = np.where(too_much, sigma, high)
        low = np.where(too_much, low, sigma)
        # Doubled until there is something above it.
        sigma = np.where(np.isfinite(high), (low + np.where(np.isfinite(high), high, 0)) / 2, 2 * sigma)
    return sigma


def _boxed(begin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scaled so that each coordinate goes from 0 to 10, with a little noise against equal places."""
    low, high = begin.min(axis=0), begin.max(axis=0)
    noise = np.random.default_rng(0).normal(scale=1e-4, size=begin.shape)
    return WIDTH * (begin - low) / np.where(high > low, high - low, 1.0) + noise
