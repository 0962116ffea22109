"""Nearest neighbours of codes, exactly, in parts that can be cancelled; means weighted by nearness.

Approximate searches (pynndescent) are no faster here: for 10,000 codes the exact distances take a second
on one core, while numba compiles their code for half a minute when it is first used (measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

WEIGHED = 10
"""Neighbours that a weighted mean is taken of."""

# Distances that are looked at together: 8 MB.
_PAIRS = 1 << 21
_FEW = 16


def nearest_others(
    codes: NDArray[np.float32], count: int, progress: Progress = silent, what: str = "Looking for neighbours"
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each of codes (N, L) its `count` < N nearest others: indices (N, count), distances, ascending."""
    indices = np.empty((len(codes), count), np.int64)
    distances = np.empty((len(codes), count), np.float32)
    for part, found, far in _nearest(codes, codes, count, progress, what, own=True):
        indices[part], distances[part] = found, far
    return indices, distances


def nearest(
    queries: NDArray[np.float32], codes: NDArray[np.float32], count: int, progress: Progress = silent
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each of queries (Q, L) its `count` <= N nearest of codes (N, L): indices, distances, ascending."""
    if len(queries) <= _FEW:
        return _nearest_of_few(queries, codes, count)
    indices = np.empty((len(queries), count), np.int64)
    distances = np.empty((len(queries), count), np.float32)
    for part, found, far in _nearest(queries, codes, count, progress, "Looking for neighbours", own=False):
        indices[part], distances[part] = found, far
    return indices, distances


def _nearest_of_few(
    queries: NDArray[np.float32], codes: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Without torch: the window's own thread asks for one code at a time."""
    distances = np.stack([np.sqrt(np.square(codes - query).sum(axis=1)) for query in queries])
    some = np.argpartition(distances, count - 1, axis=1)[:, :count]
    order = np.argsort(np.take_along_axis(distances, some, 1), axis=1, kind="stable")
    indices = np.take_along_axis(some, order, 1)
    return indices, np.take_along_axis(distances, indices, 1)


def _nearest(
    queries: NDArray[np.float32],
    codes: NDArray[np.float32],
    count: int,
    progress: Progress,
    what: str,
    *,
    own: bool,
) -> Any:
    """Yields (slice of the queries, indices, distances); torch's top-k is some times faster than numpy's.

    own: whether the queries are the codes themselves, and not their own neighbours
    """
    import torch

    # A constant offset changes no distance, and small numbers keep their precision.
    centre = codes.mean(axis=0)
    points = torch.tensor(codes - centre)
    sought = points if own else torch.tensor(queries - centre)
    squares = points.square().sum(1)
    step = max(1, _PAIRS // len(codes))
    for start in range(0, len(queries), step):
        progress(start, len(queries), what)
        some = sought[start : start + step]
        between = torch.addmm(squares, some, points.T, alpha=-2)
        if own:
            between[torch.arange(len(some)), torch.arange(start, start + len(some))] = torch.inf
        found = between.topk(count, largest=False)
        # The product rounds; the few that count are measured again.
        exact = (points[found.indices] - some[:, None]).square().sum(2).sqrt()
        exact, order = exact.sort(1)
        yield slice(start, start + len(some)), found.indices.gather(1, order).numpy(), exact.numpy()
    progress(len(queries), len(queries), what)


def nearness(distances: NDArray[Any]) -> NDArray[np.float64]:
    """Weights (Q, k), summing to 1 in each row, of neighbours at ascending distances (Q, k).

    Shepard's with the radius of the farthest one, (1/d - 1/R)^2 (Franke & Little 1982): a mean of values
    with these weights has no jump where one neighbour takes another's place, and is a neighbour's own value
    where the distance is 0.
    """
    far = distances.astype(np.float64)
    radius = far[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.square(np.where(far > 0, 1 / far - 1 / radius, 0.0))
    hit = far[:, :1] <= 1e-9 * np.maximum(radius, 1e-30)
    weights = np.where(hit, far <= far[:, :1], weights)
    # All equally far away: nothing is left of any weight.
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(total > 0, weights, 1.0)
    return weights / weights.sum(axis=1, keepdims=True)
