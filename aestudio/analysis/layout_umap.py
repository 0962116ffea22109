"""UMAP (McInnes, Healy & Melville 2018): umap-learn's optimisation on a graph that is made here.

The graph is the library's own, tested against it; its code for that would be compiled for ten seconds at
the first use, in which nothing could be cancelled (measured). The loop over the epochs is here so that it
can be cancelled between two of them, and so that the compiled part lets go of the interpreter's lock: the
library's holds it for 30 ms an epoch of 10,000 points, which the window would feel.
"""

from __future__ import annotations

import functools
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.layouts import staged
from aestudio.analysis.neighbours import nearest_others
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.sparse import coo_array

    from aestudio.progress import Progress

NEIGHBOURS = 15
"""With the point itself, as umap-learn counts them."""
NEAREST, SPREAD = 0.1, 1.0
"""umap-learn's min_dist and spread."""
WIDTH = 10.0
EPOCHS, EPOCHS_OF_MANY, MANY = 500, 200, 10_000
# From places that are known already: nothing has to be sorted out any more, and less may move.
GOING_ON, GROWING, GENTLE = 60, 200, 0.3
NEGATIVE_SAMPLES = 5.0
_SMALLEST_SIGMA = 1e-3
_BISECTIONS = 64


def embed(
    codes: NDArray[np.float32], begin: NDArray[np.float64], placed: int | None, progress: Progress = silent
) -> NDArray[np.float64]:
    """Codes (N, L), N >= 20, to places (N, 2) that go on from `begin` (N, 2).

    placed: how many of them were on the map before; None for a new one, which starts from `begin` scaled to
            a box of 10 and with a learning rate of 1
    """
    progress(0.0, 1.0, "Loading UMAP")
    step, curve = _compiled()
    count = min(NEIGHBOURS, len(codes)) - 1
    indices, distances = nearest_others(codes, count, staged(progress, 0.05, 0.15))
    if placed is None:
        epochs, rate = EPOCHS if len(codes) <= MANY else EPOCHS_OF_MANY, 1.0
        places = _boxed(begin)
    else:
        epochs, rate = (GOING_ON if placed == len(codes) else GROWING), GENTLE
        places = begin
    graph = fuzzy_graph(indices, distances)
    optimiser = _Optimiser(graph, places, epochs, rate, curve, step)
    tell = staged(progress, 0.15, 1)
    for epoch in range(epochs):
        tell(epoch, epochs, "UMAP")
        optimiser.do(epoch)
    tell(epochs, epochs, "UMAP")
    return optimiser.places.astype(np.float64)


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


class _Optimiser:
    """The state that umap-learn's compiled epoch works on, as its own loop sets it up."""

    def __init__(
        self, graph: coo_array, places: NDArray[np.float64], epochs: int, rate: float,
        curve: tuple[float, float], step: Callable[..., None],
    ) -> None:  # fmt: skip
        weights = np.asarray(graph.data)
        # Edges that would not be drawn once.
        drawn = weights >= weights.max() / epochs
        self.places = np.ascontiguousarray(places, np.float32)
        self._rows, self._columns = (part[drawn].astype(np.int32) for part in (graph.row, graph.col))
        self._every = weights.max() / weights[drawn]
        self._next = self._every.copy()
        self._negative = self._every / NEGATIVE_SAMPLES
        self._next_negative = self._negative.copy()
        self._epochs, self._rate, self._curve, self._step = epochs, rate, curve, step
        seed = np.random.RandomState(0).randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64)
        own = self.places[:, 0].astype(np.float64).view(np.int64)[:, None]
        self._random = np.full((len(places), 3), seed, dtype=np.int64) + own
        self._nothing = tuple(np.zeros(1, np.float32) for _ in range(4))

    def do(self, epoch: int) -> None:
        """One epoch; its learning rate falls evenly, to 0 after the last one."""
        # umap-learn's loop computes the rate after each epoch, so that its first two have the same.
        rate = self._rate * (1.0 - max(0, epoch - 1) / self._epochs)
        phi, squares, radius, mean = self._nothing  # of densMAP, which is not asked for
        self._step(
            self.places, self.places, self._rows, self._columns, len(self.places), self._every,
            *self._curve, self._random, 1.0, 2, True, rate, self._negative, self._next_negative, self._next,
            epoch, False, phi, squares, 0, 0, 0, 0, radius, mean, 0,
        )  # fmt: skip


def _boxed(begin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scaled so that each coordinate goes from 0 to 10, with a little noise against equal places."""
    low, high = begin.min(axis=0), begin.max(axis=0)
    noise = np.random.default_rng(0).normal(scale=1e-4, size=begin.shape)
    return WIDTH * (begin - low) / np.where(high > low, high - low, 1.0) + noise


@functools.cache
def _compiled() -> tuple[Callable[..., None], tuple[float, float]]:
    """umap-learn's epoch, compiled so that other threads can work meanwhile; a and b of its curve."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of TensorFlow, which nothing here needs
        import numba
        from umap import layouts
        from umap.umap_ import find_ab_params

        epoch: Any = layouts._optimize_layout_euclidean_single_epoch
        a, b = find_ab_params(SPREAD, NEAREST)
    compiled: Any = numba.njit(epoch, fastmath=True, nogil=True)
    return compiled, (float(a), float(b))
