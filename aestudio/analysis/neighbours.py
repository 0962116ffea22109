"""Exact nearest neighbours of codes, in cancellable batches; weights for means over neighbours.

Approximate searches (pynndescent) are no faster here: for 10,000 codes the exact distances take a second
on one core, while numba compiles their code for half a minute when it is first used (measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from numpy.typing import NDArray

    from aestudio.progress import Progress

Metric = Literal["euclidean", "cosine", "manhattan"]

WEIGHTED_NEIGHBOURS = 10
"""The number of neighbours in a weighted mean."""

# Distances in one batch: 8 MB.
_PAIRS = 1 << 21
_FEW = 16


def nearest_neighbours(
    codes: NDArray[np.float32],
    count: int,
    progress: Progress = silent,
    what: str = "Searching neighbours",
    metric: Metric = "euclidean",
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` < N nearest other codes of each of codes float32 (N, L), ascending by distance.

    metric: cosine is 1 - the cosine of the angle; a code of zeros is at 1 from every other
    Returns indices int64 (N, count) and distances float32 (N, count). Raises what `progress` raises.
    """
    indices = np.empty((len(codes), count), np.int64)
    distances = np.empty((len(codes), count), np.float32)
    batches = {"euclidean": _nearest, "cosine": _nearest_by_angle, "manhattan": _nearest_by_sum}[metric]
    for part, found, far in batches(codes, codes, count, progress, what, own=True):
        indices[part], distances[part] = found, far
    return indices, distances


def nearest(
    queries: NDArray[np.float32], codes: NDArray[np.float32], count: int, progress: Progress = silent
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` <= N nearest of codes float32 (N, L) of each of queries (Q, L), ascending by distance.

    Returns indices int64 (Q, count) and distances float32 (Q, count). Raises what `progress` raises.
    """
    if len(queries) <= _FEW:
        return _nearest_of_few(queries, codes, count)
    indices = np.empty((len(queries), count), np.int64)
    distances = np.empty((len(queries), count), np.float32)
    for part, found, far in _nearest(queries, codes, count, progress, "Searching neighbours", own=False):
        indices[part], distances[part] = found, far
    return indices, distances


def _nearest_of_few(
    queries: NDArray[np.float32], codes: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Without torch, for the window's thread, which needs the neighbours of one code at a time."""
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
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.float32]]]:
    """Yield (slice of the queries, indices, distances); torch's top-k is several times faster than numpy's.

    own: whether the queries are the codes; then a code is not its own neighbour
    """
    import torch

    # An offset changes no distance, and small numbers have a smaller rounding error.
    centre = codes.mean(axis=0)
    points = torch.tensor(codes - centre)
    targets = points if own else torch.tensor(queries - centre)
    squares = points.square().sum(1)
    step = max(1, _PAIRS // len(codes))
    for start in range(0, len(queries), step):
        progress(start, len(queries), what)
        some = targets[start : start + step]
        squared = torch.addmm(squares, some, points.T, alpha=-2)
        if own:
            squared[torch.arange(len(some)), torch.arange(start, start + len(some))] = torch.inf
        found = squared.topk(count, largest=False)
        # The product has rounding errors, so the distances of the nearest are computed again.
        exact = (points[found.indices] - some[:, None]).square().sum(2).sqrt()
        exact, order = exact.sort(1)
        yield slice(start, start + len(some)), found.indices.gather(1, order).numpy(), exact.numpy()
    progress(len(queries), len(queries), what)


def _nearest_by_angle(
    queries: NDArray[np.float32],
    codes: NDArray[np.float32],
    count: int,
    progress: Progress,
    what: str,
    *,
    own: bool,
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.float32]]]:
    """The same by cosine distance."""
    import torch

    normalise = torch.nn.functional.normalize
    points, targets = (normalise(torch.tensor(some), dim=1) for some in (codes, queries))
    yield from _batches(lambda some: 1 - some @ points.T, targets, len(codes), count, progress, what, own=own)


def _nearest_by_sum(
    queries: NDArray[np.float32],
    codes: NDArray[np.float32],
    count: int,
    progress: Progress,
    what: str,
    *,
    own: bool,
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.float32]]]:
    """The same by the sum of absolute differences."""
    import torch

    points, targets = torch.tensor(codes), torch.tensor(queries)
    yield from _batches(
        lambda some: torch.cdist(some, points, p=1), targets, len(codes), count, progress, what, own=own
    )


def _batches(
    distances: Callable[[torch.Tensor], torch.Tensor],
    targets: torch.Tensor,
    codes: int,
    count: int,
    progress: Progress,
    what: str,
    *,
    own: bool,
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.float32]]]:
    """Yield (slice of the targets, indices, distances). distances: (B, L) -> (B, codes)"""
    import torch

    step = max(1, _PAIRS // codes)
    for start in range(0, len(targets), step):
        progress(start, len(targets), what)
        some = distances(targets[start : start + step])
        if own:
            rows = torch.arange(len(some))
            some[rows, rows + start] = torch.inf
        found = some.topk(count, largest=False)
        far = found.values.clamp(min=0)  # a cosine may be a little more than 1
        yield slice(start, start + len(some)), found.indices.numpy(), far.numpy()
    progress(len(targets), len(targets), what)


def neighbour_weights(distances: NDArray[Any]) -> NDArray[np.float64]:
    """Weights float64 (Q, k), with sum 1 in each row, of neighbours at ascending distances (Q, k).

    Shepard's weights with the distance R of the farthest, (1/d - 1/R)^2 (Franke & Little 1982): a mean with
    them is continuous where the set of neighbours changes, and equals a neighbour's value at distance 0.
    """
    far = distances.astype(np.float64)
    radius = far[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.square(np.where(far > 0, 1 / far - 1 / radius, 0.0))
    at_a_point = far[:, :1] <= 1e-9 * np.maximum(radius, 1e-30)
    weights = np.where(at_a_point, far <= far[:, :1], weights)
    # At equal distances all weights are 0: they become equal.
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(total > 0, weights, 1.0)
    return weights / weights.sum(axis=1, keepdims=True)
