"""Embeddings of codes in two dimensions: t-SNE and UMAP, and their approximate inverse.

An embedding has positions only for the codes that it was computed from. The position of any other code is a
weighted mean of the positions of the nearest codes, and the code at a position is a weighted mean of the
codes embedded nearest to it. Both are continuous.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis import embedding_tsne, embedding_umap
from aestudio.analysis.alignment import best_rotation
from aestudio.analysis.embedding_plan import Orders, jittered
from aestudio.analysis.embedding_process import EmbeddingProcess, Layout
from aestudio.analysis.embedding_settings import (
    KINDS,
    MIN_CODES,
    SETTINGS,
    TITLES,
    TsneSettings,
    UmapSettings,
)
from aestudio.analysis.neighbours import WEIGHTED_NEIGHBOURS, nearest, nearest_neighbours, neighbour_weights
from aestudio.analysis.projections import data_limits, principal_components
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.spatial import KDTree

    from aestudio.analysis.embedding_plan import EmbeddingPlan
    from aestudio.analysis.embedding_settings import EmbeddingKind, EmbeddingSettings
    from aestudio.analysis.neighbours import Metric
    from aestudio.progress import Progress

_NEIGHBOUR_SHARE = 0.1  # of the progress


@dataclass(frozen=True, eq=False)
class Embedding2D:
    """An embedding, with the interface of a `Plane`.

    codes:  float32 (N, L), the embedded codes; xy: float32 (N, 2), their positions
    limits: float64 (2, 2), ((x low, x high), (y low, y high)); titles: ("t-SNE 1", "t-SNE 2")
    done, total: steps (iterations or epochs) that were done, and planned: fewer while it is computed, and if
            it was stopped; perturbed: whether noise was added meanwhile
    """

    kind: EmbeddingKind
    codes: NDArray[np.float32]
    xy: NDArray[np.float32]
    limits: NDArray[np.float64]
    titles: tuple[str, str]
    done: int = 0
    total: int = 0
    perturbed: bool = False

    @property
    def size(self) -> int:
        """L, the length of the codes."""
        return self.codes.shape[1]

    @property
    def linear(self) -> bool:
        """Whether straight lines of codes are straight on the map: not on an embedding."""
        return False

    def to_plane(self, codes: NDArray[Any], progress: Progress = silent) -> NDArray[np.float64]:
        """Codes (Q, L) -> positions float64 (Q, 2): weighted means of those of the ten nearest codes.

        Raises what `progress` raises.
        """
        queries = np.asarray(codes, np.float32)
        indices, distances = nearest(queries, self.codes, min(WEIGHTED_NEIGHBOURS, len(self.codes)), progress)
        return (neighbour_weights(distances)[..., None] * self.xy[indices]).sum(axis=1)

    def from_plane(self, xy: NDArray[Any], base: NDArray[Any]) -> NDArray[np.float32]:
        """Positions (Q, 2) -> codes float32 (Q, L): weighted means of the ten codes embedded nearest.

        base: not used, because a position determines the whole code
        """
        del base
        distances, indices = self._tree.query(
            np.asarray(xy, np.float64), k=min(WEIGHTED_NEIGHBOURS, len(self.codes))
        )
        return (neighbour_weights(distances)[..., None] * self.codes[indices]).sum(axis=1).astype(np.float32)

    @cached_property
    def _tree(self) -> KDTree:
        from scipy.spatial import KDTree

        return KDTree(self.xy)


def embed_codes(
    codes: NDArray[np.float32],
    kind: EmbeddingKind,
    progress: Progress = silent,
    start: NDArray[Any] | None = None,
    process: EmbeddingProcess | None = None,
    *,
    settings: EmbeddingSettings | None = None,
    orders: Orders = Orders(),  # noqa: B008 - frozen
    show: Callable[[Embedding2D], None] | None = None,
) -> Embedding2D:
    """Embed codes float32 (N, L) in two dimensions; equal codes and settings give equal results.

    start:    (M, 2), the previous positions of the first M <= N codes: the optimisation continues from them,
              and the result is rotated or reflected (not scaled) to be closest to them. None: it starts as
              the settings say
    process:  the process that computes it; one that is kept need not load and compile the libraries again.
              None: one that ends afterwards
    settings: `TsneSettings` or `UmapSettings`; None: the defaults
    orders:   what it is told at the beginning; later by `EmbeddingProcess.order`
    show:     called with the embedding as it is, some five times a second
    `progress` is called several times a second. Raises BadChoice for an unknown kind, StudioError for fewer
    than 20 codes, a missing library or a failing process, and what `progress` raises.
    """
    if kind not in KINDS:
        raise BadChoice("embedding", kind, KINDS)
    if len(codes) < MIN_CODES:
        raise StudioError(
            f"A {TITLES[kind]} map needs at least {MIN_CODES} codes, and there are {len(codes)}",
            advice="Choose more images, or principal components.",
        )
    codes = np.ascontiguousarray(codes, np.float32)
    settings = settings or SETTINGS[kind]()
    with EmbeddingProcess() if process is None else nullcontext(process) as computing:
        computing.load(kind)  # while the neighbours are searched
        if start is None or not len(start):
            initial, known = _first_positions(codes, settings), None
        else:
            known = min(len(start), len(codes))
            initial = _completed(codes, np.asarray(start[:known], np.float64), progress)
        plan = _plan(initial, known, settings)
        searching = scaled_progress(progress, 0, _NEIGHBOUR_SHARE)
        neighbours = nearest_neighbours(codes, plan.neighbours, searching, metric=_metric(settings))
        arrays, rest = (*neighbours, plan.initial), scaled_progress(progress, _NEIGHBOUR_SHARE, 1)

        def embedding(layout: Layout) -> Embedding2D:
            xy = layout.xy
            if known is not None:
                xy = best_rotation(xy[:known], initial[:known])(xy)
            positions, name = xy.astype(np.float32), TITLES[kind]
            titles, limits = (f"{name} 1", f"{name} 2"), data_limits(positions)
            return Embedding2D(kind, codes, positions, limits, titles, layout.done, layout.total)

        def seen(layout: Layout) -> None:
            if show is not None:
                show(embedding(layout))

        told = {**plan.settings, "seed": settings.seed}
        found = computing.embed(kind, TITLES[kind], arrays, told, rest, orders=orders, show=seen)
    return embedding(found)


def _plan(initial: NDArray[np.float64], known: int | None, settings: EmbeddingSettings) -> EmbeddingPlan:
    if isinstance(settings, UmapSettings):
        return embedding_umap.plan(initial, known, settings)
    assert isinstance(settings, TsneSettings)
    return embedding_tsne.plan(initial, known, settings)


def _metric(settings: EmbeddingSettings) -> Metric:
    """t-SNE is defined by Euclidean distances."""
    return settings.metric if isinstance(settings, UmapSettings) else "euclidean"


def _first_positions(codes: NDArray[np.float32], settings: EmbeddingSettings) -> NDArray[np.float64]:
    """Where a new embedding begins, float64 (N, 2)."""
    if settings.start == "random":
        drawn: NDArray[np.float64] = np.random.default_rng(settings.seed).standard_normal((len(codes), 2))
        return drawn
    return jittered(_components(codes), settings.seed)


def _components(codes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Coordinates (N, 2) on the first two principal components; with a little noise if L is 1."""
    components = principal_components(codes, min(2, codes.shape[1]))
    xy = components.project(codes)
    if xy.shape[1] < 2:
        noise = np.random.default_rng(0).standard_normal((len(codes), 1))
        xy = np.concatenate([xy, 0.1 * max(float(components.stds[0]), 1e-6) * noise], axis=1)
    return xy


def _completed(
    codes: NDArray[np.float32], start: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64]:
    """Initial positions (N, 2): the known ones, and weighted means of the neighbours' for the others."""
    known = len(start)
    if known == len(codes):
        return start.copy()
    indices, distances = nearest(codes[known:], codes[:known], min(WEIGHTED_NEIGHBOURS, known), progress)
    others = (neighbour_weights(distances)[..., None] * start[indices]).sum(axis=1)
    return np.concatenate([start, others])


def scaled_progress(progress: Progress, low: float, high: float) -> Progress:
    """A progress for one part of a longer task: its 0 to total becomes `low` to `high` of 1."""

    def report(done: float, total: float | None, what: str) -> None:
        share = 0.0 if not total else min(1.0, done / total)
        progress(low + (high - low) * share, 1.0, what)

    return report
