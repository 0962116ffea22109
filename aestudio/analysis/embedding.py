"""Maps that keep neighbours together instead of straight lines: t-SNE and UMAP, there and back.

A layout knows only the codes that it was made of. Any other code lies where its nearest ones lie, and a
place of the map means the codes that lie there; both are means weighted by nearness, without jumps.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from aestudio.analysis import embedding_tsne, embedding_umap
from aestudio.analysis.alignment import best_turn
from aestudio.analysis.embedding_process import LayoutProcess
from aestudio.analysis.neighbours import WEIGHED, nearest, nearest_others, nearness
from aestudio.analysis.projections import data_limits, principal_components
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.spatial import KDTree

    from aestudio.progress import Progress

EmbeddingKind = Literal["tsne", "umap"]
TITLES: dict[EmbeddingKind, str] = {"tsne": "t-SNE", "umap": "UMAP"}
FEWEST = 20
"""Codes that a layout needs at least: fewer have no neighbourhoods to keep."""
_NEIGHBOURS_FOUND = 0.1
_PLANS = {"tsne": embedding_tsne.plan, "umap": embedding_umap.plan}


@dataclass(frozen=True, eq=False)
class Embedding2D:
    """A layout, with the interface of a `Plane`.

    codes:  float32 (n, L), the codes that were laid out; xy: float32 (n, 2), where they lie
    limits: float64 (2, 2), ((x low, x high), (y low, y high)); titles: ("t-SNE 1", "t-SNE 2")
    """

    kind: EmbeddingKind
    codes: NDArray[np.float32]
    xy: NDArray[np.float32]
    limits: NDArray[np.float64]
    titles: tuple[str, str]

    @property
    def size(self) -> int:
        """L, the length of the codes."""
        return self.codes.shape[1]

    @property
    def linear(self) -> bool:
        """Whether straight lines of codes are straight on the map: here they are not."""
        return False

    def to_plane(self, codes: NDArray[Any], progress: Progress = silent) -> NDArray[np.float64]:
        """Codes (N, L) -> coordinates (N, 2): means of where their ten nearest lie, weighted by nearness."""
        found = np.asarray(codes, np.float32)
        indices, distances = nearest(found, self.codes, min(WEIGHED, len(self.codes)), progress)
        return (nearness(distances)[..., None] * self.xy[indices]).sum(axis=1)

    def from_plane(self, xy: NDArray[Any], base: NDArray[Any]) -> NDArray[np.float32]:
        """Coordinates (N, 2) -> codes (N, L): means of the ten that lie nearest, weighted by nearness.

        base: not used, since a place of this map says all numbers of a code
        """
        del base
        distances, indices = self._places.query(np.asarray(xy, np.float64), k=min(WEIGHED, len(self.codes)))
        return (nearness(distances)[..., None] * self.codes[indices]).sum(axis=1).astype(np.float32)

    @cached_property
    def _places(self) -> KDTree:
        from scipy.spatial import KDTree

        return KDTree(self.xy)


def embed_codes(
    codes: NDArray[np.float32],
    kind: EmbeddingKind,
    progress: Progress = silent,
    start: NDArray[Any] | None = None,
    process: LayoutProcess | None = None,
) -> Embedding2D:
    """Lay codes (N, L) out on a map; the same codes come to lie in the same places each time.

    start: where the first M <= N of these images lay on the map before, (M, 2): the layout goes on from
           there, and is turned or reflected (never scaled) to stay there as well as it can. Else it begins
           with the first two principal components.
    process: what computes it; one that is kept need not load and compile the libraries again. None: one
           that ends with this layout
    Raises BadChoice for an unknown kind, StudioError for fewer than 20 codes, a library that is not there
    and a process that fails, and what `progress` raises, which is called several times a second.
    """
    if kind not in get_args(EmbeddingKind):
        raise BadChoice("layout", kind, get_args(EmbeddingKind))
    if len(codes) < FEWEST:
        raise StudioError(
            f"A {TITLES[kind]} map needs at least {FEWEST} codes, and there are {len(codes)}",
            advice="Choose more digits, or principal components.",
        )
    codes = np.ascontiguousarray(codes, np.float32)
    with LayoutProcess() if process is None else nullcontext(process) as computing:
        computing.load(kind)  # while neighbours are looked for
        if start is None or not len(start):
            begin, placed = _components(codes), None
        else:
            placed = min(len(start), len(codes))
            begin = _begun(codes, np.asarray(start[:placed], np.float64), progress)
        plan = _PLANS[kind](begin, placed)
        neighbours = nearest_others(codes, plan.neighbours, staged(progress, 0, _NEIGHBOURS_FOUND))
        arrays, rest = (*neighbours, plan.begin), staged(progress, _NEIGHBOURS_FOUND, 1)
        xy = computing.embed(kind, TITLES[kind], arrays, plan.settings, rest)
    if placed is not None:
        xy = best_turn(xy[:placed], begin[:placed])(xy)
    places = xy.astype(np.float32)
    titles = f"{TITLES[kind]} 1", f"{TITLES[kind]} 2"
    return Embedding2D(kind, codes, places, data_limits(places), titles)


def _components(codes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Coordinates (N, 2) on the first two principal components; of single numbers beside a little noise."""
    found = principal_components(codes, min(2, codes.shape[1]))
    xy = found.project(codes)
    if xy.shape[1] < 2:
        noise = np.random.default_rng(0).standard_normal((len(codes), 1))
        xy = np.concatenate([xy, 0.1 * max(float(found.stds[0]), 1e-6) * noise], axis=1)
    return xy


def _begun(codes: NDArray[np.float32], start: NDArray[np.float64], progress: Progress) -> NDArray[np.float64]:
    """Places (N, 2) to go on from: the known ones, and for the others the mean of their neighbours'."""
    known = len(start)
    if known == len(codes):
        return start.copy()
    indices, distances = nearest(codes[known:], codes[:known], min(WEIGHED, known), progress)
    others = (nearness(distances)[..., None] * start[indices]).sum(axis=1)
    return np.concatenate([start, others])


def staged(progress: Progress, low: float, high: float) -> Progress:
    """A progress for one stage of a longer work: its 0 to total becomes `low` to `high` of 1."""

    def tell(done: float, total: float | None, what: str) -> None:
        share = 0.0 if not total else min(1.0, done / total)
        progress(low + (high - low) * share, 1.0, what)

    return tell
