"""t-SNE by openTSNE (Poličar, Stražar & Zupan 2024), with neighbours that are found exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.embedding_plan import Plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.embedding_plan import Settings
    from aestudio.progress import Progress

PERPLEXITY = 30
EXAGGERATION = 12
EARLY, LATE = 250, 500
# From places that are known already: nothing has to be sorted out any more.
GOING_ON, GROWING = 100, 400
# From so many points on interpolation (Linderman et al. 2019) is faster than Barnes-Hut trees (measured).
MANY = 5_000


def plan(begin: NDArray[np.float64], placed: int | None) -> Plan:
    """What is to be done to N >= 20 codes that go on from `begin` (N, 2).

    placed: how many of them were on the map before; None for a new one, which starts with early
            exaggeration from `begin` made small
    """
    # As openTSNE chooses it: three neighbours for each unit of perplexity.
    perplexity = min(PERPLEXITY, (len(begin) - 1) // 3)
    if placed is None:
        settings = {"perplexity": perplexity, "early": EARLY, "late": LATE}
        return Plan(3 * perplexity, _small(begin), settings)
    late = GOING_ON if placed == len(begin) else GROWING
    return Plan(3 * perplexity, begin, {"perplexity": perplexity, "early": 0, "late": late})


def embed(
    indices: NDArray[np.int64],
    distances: NDArray[np.float32],
    begin: NDArray[np.float64],
    settings: Settings,
    progress: Progress,
) -> NDArray[np.float64]:
    """The neighbours of N codes, (N, k) each, to places (N, 2), as planned; in the process of layouts.

    The learning rate is N / exaggeration (Belkina et al. 2019).
    """
    openTSNE = load()  # noqa: N806 - its name
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    early, late, many = int(settings["early"]), int(settings["late"]), len(begin) >= MANY
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(indices, distances), perplexity=int(settings["perplexity"]), n_jobs=1
    )

    def after(done: int) -> Any:
        return lambda iteration, _error, _places: progress(done + iteration, early + late, "t-SNE")

    progress(0, early + late, "t-SNE")
    places = openTSNE.TSNEEmbedding(
        begin,
        affinities,
        n_jobs=1,
        negative_gradient_method="fft" if many else "bh",
        callbacks_every_iters=1 if many else 5,
    )
    if early:
        places.optimize(early, exaggeration=EXAGGERATION, momentum=0.5, inplace=True, callbacks=after(0))
    places.optimize(late, momentum=0.8, inplace=True, callbacks=after(early))
    progress(early + late, early + late, "t-SNE")
    return np.array(places)


def load() -> Any:
    """Import what takes a while."""
    import openTSNE

    return openTSNE


def _small(begin: NDArray[np.float64]) -> NDArray[np.float64]:
    """As small as t-SNE wants to begin: a standard deviation of 1e-4 (Kobak & Berens 2019)."""
    width = begin[:, 0].std()
    return begin * (1e-4 / width if width > 0 else 1.0)
