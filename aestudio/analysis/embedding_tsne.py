"""t-SNE by openTSNE (Poličar, Stražar & Zupan 2024), with exact neighbours."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.embedding_plan import EmbeddingPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.analysis.embedding_plan import Settings
    from aestudio.progress import Progress

PERPLEXITY = 30
EXAGGERATION = 12
EARLY, LATE = 250, 500
# Iterations from known positions, of all or of some codes: no early exaggeration is needed.
CONTINUED, EXTENDED = 100, 400
# From this number of points, interpolation (Linderman et al. 2019) is faster than Barnes-Hut (measured).
MANY = 5_000


def plan(initial: NDArray[np.float64], known: int | None) -> EmbeddingPlan:
    """The plan for N >= 20 codes with initial positions float64 (N, 2).

    known: the number of codes with known positions; None for a new embedding, which starts with early
           exaggeration from small initial positions
    """
    # As in openTSNE: three neighbours per unit of perplexity.
    perplexity = min(PERPLEXITY, (len(initial) - 1) // 3)
    if known is None:
        settings = {"perplexity": perplexity, "early": EARLY, "late": LATE}
        return EmbeddingPlan(3 * perplexity, _small(initial), settings)
    late = CONTINUED if known == len(initial) else EXTENDED
    return EmbeddingPlan(3 * perplexity, initial, {"perplexity": perplexity, "early": 0, "late": late})


def embed(
    indices: NDArray[np.int64],
    distances: NDArray[np.float32],
    initial: NDArray[np.float64],
    settings: Settings,
    progress: Progress,
) -> NDArray[np.float64]:
    """Positions float64 (N, 2) from the k neighbours of N codes; runs in the embedding process.

    indices: int64 (N, k); distances: float32 (N, k), ascending; initial: float64 (N, 2); settings: of `plan`
    The learning rate is N / exaggeration (Belkina et al. 2019). Raises ImportError without openTSNE, and
    what `progress` raises.
    """
    import openTSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    early, late, many = int(settings["early"]), int(settings["late"]), len(initial) >= MANY
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(indices, distances), perplexity=int(settings["perplexity"]), n_jobs=1
    )

    def after(done: int) -> Callable[[int, float, NDArray[np.float64]], None]:
        return lambda iteration, _error, _xy: progress(done + iteration, early + late, "t-SNE")

    progress(0, early + late, "t-SNE")
    xy = openTSNE.TSNEEmbedding(
        initial,
        affinities,
        n_jobs=1,
        negative_gradient_method="fft" if many else "bh",
        callbacks_every_iters=1 if many else 5,
    )
    if early:
        xy.optimize(early, exaggeration=EXAGGERATION, momentum=0.5, inplace=True, callbacks=after(0))
    xy.optimize(late, momentum=0.8, inplace=True, callbacks=after(early))
    progress(early + late, early + late, "t-SNE")
    return np.array(xy)


def load() -> None:
    """Import openTSNE, which takes a while."""
    import_module("openTSNE")


def _small(initial: NDArray[np.float64]) -> NDArray[np.float64]:
    """Initial positions scaled to a standard deviation of 1e-4 in x (Kobak & Berens 2019)."""
    width = initial[:, 0].std()
    return initial * (1e-4 / width if width > 0 else 1.0)
