"""t-SNE by openTSNE (Poličar, Stražar & Zupan 2024), with exact neighbours."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.embedding_plan import EmbeddingPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.analysis.embedding_plan import Settings, Steps
    from aestudio.analysis.embedding_settings import TsneSettings

MOST_EARLY = 250
"""Iterations with early exaggeration at most; a third of all, if that is fewer."""
# Iterations from known positions, of all or of some codes: no early exaggeration is needed.
CONTINUED, EXTENDED = 100, 400
# From this number of points, interpolation (Linderman et al. 2019) is faster than Barnes-Hut (measured).
MANY = 5_000


def plan(initial: NDArray[np.float64], known: int | None, settings: TsneSettings) -> EmbeddingPlan:
    """The plan for N >= 20 codes with initial positions float64 (N, 2).

    known: the number of codes with known positions; None for a new embedding, which starts with early
           exaggeration from small initial positions
    """
    # Here, because the process that computes embeddings needs no settings and starts sooner without them.
    from aestudio.analysis.embedding_settings import usable_neighbours

    perplexity = usable_neighbours(settings, len(initial))
    told = {"perplexity": perplexity, "rate": settings.learning_rate, "exaggeration": settings.exaggeration}
    if known is None:
        early = min(MOST_EARLY, settings.iterations // 3)
        told |= {"early": early, "late": settings.iterations - early}
        return EmbeddingPlan(int(3 * perplexity), _small(initial), told)
    late = CONTINUED if known == len(initial) else EXTENDED
    told |= {"early": 0, "late": min(late, settings.iterations)}
    return EmbeddingPlan(int(3 * perplexity), initial, told)


def embed(
    indices: NDArray[np.int64],
    distances: NDArray[np.float32],
    initial: NDArray[np.float64],
    settings: Settings,
    steps: Steps,
) -> NDArray[np.float64]:
    """Positions float64 (N, 2) from the k neighbours of N codes; runs in the embedding process.

    indices: int64 (N, k); distances: float32 (N, k), ascending; initial: float64 (N, 2); settings: of `plan`
    Raises ImportError without openTSNE, and what `steps` raises. The steps are reported in openTSNE's
    callbacks, which may change the positions in place and end the optimisation.
    """
    import openTSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    early, late, many = int(settings["early"]), int(settings["late"]), len(initial) >= MANY
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(indices, distances), perplexity=settings["perplexity"], n_jobs=1
    )
    ended = steps(0, early + late, initial)

    def after(before: int) -> Callable[[int, float, NDArray[np.float64]], bool]:
        def done(iteration: int, _error: float, xy: NDArray[np.float64]) -> bool:
            nonlocal ended
            ended = steps(before + iteration, early + late, xy)
            return ended

        return done

    xy = openTSNE.TSNEEmbedding(
        initial,
        affinities,
        learning_rate=settings["rate"] or "auto",
        n_jobs=1,
        negative_gradient_method="fft" if many else "bh",
        callbacks_every_iters=1 if many else 5,
    )
    if early and not ended:
        exaggeration = settings["exaggeration"]
        xy.optimize(early, exaggeration=exaggeration, momentum=0.5, inplace=True, callbacks=after(0))
    if not ended:
        xy.optimize(late, momentum=0.8, inplace=True, callbacks=after(early))
    if not ended:
        steps(early + late, early + late, xy)
    return np.array(xy)


def load() -> None:
    """Import openTSNE, which takes a while."""
    import_module("openTSNE")


def _small(initial: NDArray[np.float64]) -> NDArray[np.float64]:
    """Initial positions scaled to a standard deviation of 1e-4 in x (Kobak & Berens 2019)."""
    width = initial[:, 0].std()
    return initial * (1e-4 / width if width > 0 else 1.0)
