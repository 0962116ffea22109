"""t-SNE by openTSNE (Poličar, Stražar & Zupan 2024), with neighbours that are found exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.layouts import staged
from aestudio.analysis.neighbours import nearest_others
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.progress import Progress

PERPLEXITY = 30
EXAGGERATION = 12
EARLY, LATE = 250, 500
# From places that are known already: nothing has to be sorted out any more.
GOING_ON, GROWING = 100, 400
# From so many points on interpolation (Linderman et al. 2019) is faster than Barnes-Hut trees (measured).
MANY = 5_000


def embed(
    codes: NDArray[np.float32], begin: NDArray[np.float64], placed: int | None, progress: Progress = silent
) -> NDArray[np.float64]:
    """Codes (N, L), N >= 20, to places (N, 2) that go on from `begin` (N, 2).

    placed: how many of them were on the map before; None for a new one, which starts with early
            exaggeration from `begin` made small. The learning rate is N / exaggeration (Belkina et al. 2019).
    """
    import openTSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    # As openTSNE chooses it: three neighbours for each unit of perplexity.
    perplexity = min(PERPLEXITY, (len(codes) - 1) // 3)
    neighbours = nearest_others(codes, 3 * perplexity, staged(progress, 0, 0.1))
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(*neighbours), perplexity=perplexity, n_jobs=1
    )
    new = placed is None
    late = LATE if placed is None else GOING_ON if placed == len(codes) else GROWING
    early = EARLY if new else 0
    tell = staged(progress, 0.1, 1)

    def after(done: int) -> Any:
        # Raising here ends the work: openTSNE leaves exceptions of callbacks alone.
        return lambda iteration, _error, _places: tell(done + iteration, early + late, "t-SNE")

    places = openTSNE.TSNEEmbedding(
        _small(begin) if new else begin.copy(), affinities, n_jobs=1,
        negative_gradient_method="fft" if len(codes) >= MANY else "bh",
        callbacks_every_iters=1 if len(codes) >= MANY else 5,
    )  # fmt: skip
    if new:
        places.optimize(EARLY, exaggeration=EXAGGERATION, momentum=0.5, inplace=True, callbacks=after(0))
    places.optimize(late, momentum=0.8, inplace=True, callbacks=after(early))
    return np.array(places)


def _small(begin: NDArray[np.float64]) -> NDArray[np.float64]:
    """As small as t-SNE wants to begin: a standard deviation of 1e-4 (Kobak & Berens 2019)."""
    width = begin[:, 0].std()
    return begin * (1e-4 / width if width > 0 else 1.0)
