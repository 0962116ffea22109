"""Whether a code is backed by data: as near to the data's codes as these are to one another, and coming
back from its own picture as well as they do.

Both are told as shares of the data: of all digits, how many are as far from their neighbours, or farther.
For a code drawn like the data's the share is uniform on (0, 1], as a conformal p value is (Vovk, Gammerman
& Shafer 2005).
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
# Digits whose own distances, and whose own round trips, the shares are counted over.
MEASURED, SENT_ROUND = 2_000, 500
EDGE, NONE = 0.1, 0.01
"""Below these shares of the data a code is at the edge of it, or beyond."""
FAR = 2.0
"""So many times farther than the farthest digit is beyond the data, however few digits there are."""


@dataclass(frozen=True)
class Support:
    """What the needle shows of one code.

    distance:    mean distance to its nearest data codes, in standard deviations; typical: the data's median
    near:        share of the data that is as far from its neighbours, or farther
    error:       round-trip error in standard deviations; returns: share of the data with as large a one
    """

    distance: float
    typical: float
    near: float
    error: float
    returns: float

    @property
    def share(self) -> float:
        """Twice the smaller of the two, at most 1: as rare as that is one of two things (Bonferroni)."""
        return min(1.0, 2 * min(self.near, self.returns))

    @property
    def verdict(self) -> Verdict:
        """Backed by data from a share of 10 %, no data there below 1 %."""
        if self.share >= EDGE:
            return "backed"
        return "edge" if self.share >= NONE else "none"


@dataclass(frozen=True, eq=False)
class DataSupport:
    """The data's codes, ready to be compared with.

    points:    float32 (N, A), the active numbers in standard deviations
    distances: float32, ascending: mean distance of measured digits to their nearest others
    errors:    float32, ascending: round-trip errors of measured digits
    """

    spread: CodeScale
    points: NDArray[np.float32]
    distances: NDArray[np.float32]
    errors: NDArray[np.float32]

    def reading(self, frozen_model: FrozenModel, code: NDArray[np.float32]) -> Support:
        """The reading of a code (L,). Some milliseconds at most for 10,000 codes."""
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
    """The comparison with N >= 2 codes of this viewer's model.

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
    """Share of ascending known values, and the value itself, that are at least as large; 0 far beyond."""
    if value > FAR * known[-1]:
        return 0.0
    beyond = len(known) - int(np.searchsorted(known, value, side="left"))
    return (1 + beyond) / (1 + len(known))
