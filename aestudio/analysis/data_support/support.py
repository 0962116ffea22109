"""Data support: how typical a code is of the training codes, by two distances.

One is the distance to the nearest data codes, the other the decode-encode error. Both are given as shares
of the data: how many of its codes have a distance as large, or larger. For a code drawn from the distribution
of the data the share is uniform on (0, 1], as a conformal p value (Vovk, Gammerman & Shafer 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import CodeScale, code_scale_of, sampled
from aestudio.analysis.neighbours import nearest
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress

Verdict = Literal["backed", "edge", "none"]

NEIGHBOURS = 10
# Data codes whose own distances, and whose own decode-encode errors, the shares are counted over.
MEASURED, SENT_ROUND = 2_000, 500
EDGE, NONE = 0.1, 0.01
"""Below these shares of the data a code is unusual, or unsupported."""
FAR = 2.0
"""A code this many times farther than the farthest data code is unsupported, even if there are few."""


@dataclass(frozen=True)
class Support:
    """The data support of one code.

    distance:    mean distance to its nearest data codes, in standard deviations; typical: the data's median
    near:        share of the data that is as far from its neighbours, or farther
    error:       decode-encode error in standard deviations; returns: share of the data with one as large
    """

    distance: float
    typical: float
    near: float
    error: float
    returns: float

    @property
    def share(self) -> float:
        """Twice the smaller of the two shares, at most 1 (Bonferroni correction for two tests)."""
        return min(1.0, 2 * min(self.near, self.returns))

    @property
    def verdict(self) -> Verdict:
        """ "backed" (supported) from a share of 10 %, "edge" (unusual), "none" (unsupported) below 1 %."""
        if self.share >= EDGE:
            return "backed"
        return "edge" if self.share >= NONE else "none"


@dataclass(frozen=True, eq=False)
class DataSupport:
    """The reference for data support: the codes of the data.

    points:    float32 (N, A), the active numbers in standard deviations
    distances: float32 (M,), ascending: mean distance of M data codes to their nearest others
    errors:    float32 (E,), ascending: decode-encode errors of E data codes
    """

    spread: CodeScale
    points: NDArray[np.float32]
    distances: NDArray[np.float32]
    errors: NDArray[np.float32]

    def reading(self, frozen_model: FrozenModel, code: NDArray[np.float32]) -> Support:
        """The data support of a code (L,). Takes a few milliseconds at most for 10,000 data codes."""
        found = self.spread.scaled(code[None])
        distance = float(neighbour_distances(found, self.points)[0])
        error = float(decode_encode_errors(frozen_model, code[None], self.spread)[0])
        return Support(
            distance,
            float(np.median(self.distances)),
            share_beyond(self.distances, distance),
            error,
            share_beyond(self.errors, error),
        )


def data_support_of(
    frozen_model: FrozenModel, codes: Codes, progress: Progress = silent, seed: int = 0
) -> DataSupport:
    """The reference from N >= 2 codes (N, L) of this model.

    Gaussian codes count as draws from their posteriors: that is what the decoder was trained on.
    """
    spread = code_scale_of(codes)
    drawn = sampled(codes, seed)
    points = spread.scaled(drawn)
    order = np.random.default_rng(seed).permutation(len(points))
    measured = order[:MEASURED]
    distances = neighbour_distances(points[measured], points, progress, own=True)
    errors = decode_encode_errors(frozen_model, drawn[order[:SENT_ROUND]], spread, progress)
    return DataSupport(spread, points, np.sort(distances), np.sort(errors))


def neighbour_distances(
    queries: NDArray[np.float32],
    points: NDArray[np.float32],
    progress: Progress = silent,
    *,
    own: bool = False,
) -> NDArray[np.float32]:
    """Mean distance of queries (Q, A) to their 10 nearest of points (N, A), float32 (Q,).

    own: whether the queries are among the points, and are not to count as their own neighbours
    """
    itself = int(own)  # at distance 0, hence in front
    count = min(NEIGHBOURS + itself, len(points))
    _, distances = nearest(queries, points, count, progress)
    return distances[:, itself:].mean(axis=1)


def share_beyond(known: NDArray[np.float32], value: float) -> float:
    """Share of known values (N,), ascending, and the value, that are at least as large; 0 far beyond."""
    if value > FAR * known[-1]:
        return 0.0
    beyond = len(known) - int(np.searchsorted(known, value, side="left"))
    return (1 + beyond) / (1 + len(known))
