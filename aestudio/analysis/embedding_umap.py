"""UMAP (McInnes, Healy & Melville 2018): umap-learn's optimisation on a graph that is computed here.

The graph equals that of umap-learn (tested). umap-learn compiles its code for the graph for five to eight
seconds in each process (measured); so the first map appears that much earlier.
"""

from __future__ import annotations

import math
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.embedding_plan import EmbeddingPlan, no_reports

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import coo_array

    from aestudio.analysis.embedding_plan import Settings, Steps
    from aestudio.analysis.embedding_settings import UmapSettings

SPREAD = 1.0
"""umap-learn's spread."""
WIDTH = 10.0
EPOCHS, EPOCHS_OF_MANY, MANY = 500, 200, 10_000
# Epochs from known positions of all or of some codes, and their learning rate: the map should move less.
CONTINUED, EXTENDED, CONTINUED_RATE = 60, 200, 0.3
_SMALLEST_SIGMA = 1e-3
_BISECTIONS = 64
_PROGRESS_SECONDS = 0.05


def plan(initial: NDArray[np.float64], known: int | None, settings: UmapSettings) -> EmbeddingPlan:
    """The plan for N >= 20 codes with initial positions float64 (N, 2).

    known: the number of codes with known positions; None for a new embedding, whose initial positions are
           scaled to a box of side 10, and whose learning rate is 1
    """
    # Here for the reason that is in `embedding_tsne.plan`.
    from aestudio.analysis.embedding_settings import usable_neighbours

    count = len(initial)
    neighbours = int(usable_neighbours(settings, count)) - 1
    told: Settings = {"nearest": settings.minimum_distance, "seed": settings.seed}
    if known is None:
        epochs = EPOCHS if count <= MANY else EPOCHS_OF_MANY
        return EmbeddingPlan(neighbours, _boxed(initial), {**told, "epochs": epochs, "rate": 1.0})
    epochs = CONTINUED if known == count else EXTENDED
    return EmbeddingPlan(neighbours, initial, {**told, "epochs": epochs, "rate": CONTINUED_RATE})


def embed(
    indices: NDArray[np.int64],
    distances: NDArray[np.float32],
    initial: NDArray[np.float64],
    settings: Settings,
    steps: Steps,
) -> NDArray[np.float64]:
    """Positions float64 (N, 2) from the k neighbours of N codes; runs in the embedding process.

    indices: int64 (N, k); distances: float32 (N, k), ascending; initial: float64 (N, 2); settings: of `plan`
    Raises ImportError without umap-learn, and what `steps` raises.
    """
    load()
    graph = fuzzy_graph(indices, distances)
    return optimise(graph, initial, settings, steps).astype(np.float64)


def load() -> None:
    """Import umap-learn, which takes a while."""
    import_module("umap.layouts")
    import_module("umap.umap_")


def optimise(
    graph: coo_array, initial: NDArray[np.float64], settings: Settings, steps: Steps = no_reports
) -> NDArray[np.float32]:
    """umap-learn's optimisation of positions float32 (N, 2) on a graph (N, N), from `initial` (N, 2).

    settings: "epochs", "rate", "nearest" (umap-learn's min_dist) and "seed"
    `simplicial_set_embedding` of umap-learn does the same, but scales the initial positions to a box of side
    10, also the known ones. The steps are reported by its progress bar, which is told of them between two
    epochs and has no other use; the positions are those that it works on. Raises what `steps` raises.
    """
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, make_epochs_per_sample

    weights, epochs = np.asarray(graph.data), int(settings["epochs"])
    # The other edges would never be sampled.
    sampled = weights >= weights.max() / epochs
    positions = np.ascontiguousarray(initial, np.float32)
    a, b = find_ab_params(SPREAD, settings["nearest"])
    draw = np.random.RandomState(int(settings["seed"]))
    seed = draw.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64)
    with suppress(_Ended):
        optimize_layout_euclidean(
            positions,
            positions,
            graph.row[sampled].astype(np.int32),
            graph.col[sampled].astype(np.int32),
            epochs,
            len(positions),
            make_epochs_per_sample(weights[sampled], epochs),
            a,
            b,
            seed,
            initial_alpha=settings["rate"],
            move_other=True,
            tqdm_kwds=_tqdm_settings(_StepFile(steps, positions)),
        )
    return positions


def _tqdm_settings(file: _StepFile) -> dict[str, Any]:
    """Settings of umap-learn's tqdm bar, so that each of its texts is reported as a step."""
    return {
        "disable": False,
        "file": file,
        "bar_format": "{n_fmt}/{total_fmt}",
        "ascii": True,
        "mininterval": _PROGRESS_SECONDS,
        "miniters": 1,
        "leave": True,
    }


class _Ended(Exception):
    """The optimisation ends before its last epoch."""


class _StepFile:
    """A file for tqdm, which writes "12/500" between control characters."""

    def __init__(self, steps: Steps, positions: NDArray[np.float32]) -> None:
        self._steps, self._positions = steps, positions
        self._ended = False

    def write(self, text: str) -> None:
        done, slash, total = text.strip().partition("/")
        if slash and not self._ended:  # tqdm writes once more when it is closed
            self._ended = self._steps(int(done), int(total), self._positions)
            if self._ended:
                raise _Ended

    def flush(self) -> None:
        pass


def fuzzy_graph(indices: NDArray[np.int64], distances: NDArray[np.float32]) -> coo_array:
    """The fuzzy simplicial set of N points: a symmetric sparse matrix (N, N) of weights in (0, 1].

    indices: int64 (N, k - 1), nearest neighbours; distances: float32 (N, k - 1), ascending. As umap-learn
    with its defaults (local connectivity 1, union): exp(-(d - rho) / sigma), where rho is the distance of
    the nearest neighbour, and sigma is such that the k weights of a point, with its own, sum to log2(k).
    """
    from scipy.sparse import coo_array

    count, neighbours = distances.shape
    far = distances.astype(np.float64)
    rho = np.where(far > 0, far, np.inf).min(axis=1, keepdims=True)
    rho = np.where(np.isfinite(rho), rho, 0.0)
    excess = np.maximum(far - rho, 0.0)
    sigma = _sigmas(excess, math.log2(neighbours + 1))
    # The mean includes the point itself, at distance 0.
    row_means: NDArray[np.float64] = far.sum(axis=1, keepdims=True) / (neighbours + 1)
    means = np.where(rho > 0, row_means, far.sum() / (count * (neighbours + 1)))
    sigma = np.maximum(sigma, _SMALLEST_SIGMA * means)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where((excess <= 0) | (sigma == 0), 1.0, np.exp(-excess / sigma))
    rows = np.repeat(np.arange(count, dtype=np.int64), neighbours)
    directed = coo_array((weights.ravel(), (rows, indices.ravel())), shape=(count, count)).tocsr()
    reverse = directed.T.tocsr()
    union = (directed + reverse - directed.multiply(reverse)).tocoo()
    positive = union.data > 0
    indices_of_union = union.row[positive], union.col[positive]
    return coo_array((union.data[positive], indices_of_union), shape=union.shape)


def _sigmas(excess: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    """For distances minus rho (N, k): sigma (N, 1) with sum exp(-d / sigma) = target, by bisection."""
    low, high = np.zeros((len(excess), 1)), np.full((len(excess), 1), np.inf)
    sigma = np.ones((len(excess), 1))
    for _ in range(_BISECTIONS):
        too_much = np.exp(-excess / sigma).sum(axis=1, keepdims=True) > target
        high = np.where(too_much, sigma, high)
        low = np.where(too_much, low, sigma)
        # Doubled until there is an upper bound.
        sigma = np.where(np.isfinite(high), (low + np.where(np.isfinite(high), high, 0)) / 2, 2 * sigma)
    return sigma


def _boxed(initial: NDArray[np.float64]) -> NDArray[np.float64]:
    """Initial positions (N, 2) scaled to 0 to 10 in each coordinate."""
    low, high = initial.min(axis=0), initial.max(axis=0)
    return WIDTH * (initial - low) / np.where(high > low, high - low, 1.0)
