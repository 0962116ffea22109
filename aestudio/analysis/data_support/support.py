"""Data support: how typical a code is of the training codes, by two distances.

One is the distance to the nearest data codes, the other the decode-encode error. Both are reported as shares
of the data: the share of its codes whose distance is at least as large. For a code drawn from the
distribution of the data, the share is uniform on (0, 1], as a conformal p-value (Vovk, Gammerman & Shafer
2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import CodeScale, code_scale_of
from aestudio.analysis.neighbours import nearest
from aestudio.inference.conditions import repeated, some_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.data_support.mean_image import MeanImageComparison
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.types import Condition

Verdict = Literal["supported", "unusual", "unsupported"]

NEIGHBOURS = 10
# Data codes of which the neighbour distances and the decode-encode errors are computed as the reference.
REFERENCE_DISTANCES, REFERENCE_ERRORS = 2_000, 500
FEW_DISTANCES, FEW_ERRORS = 500, 200  # while snapshots follow one another
UNUSUAL, UNSUPPORTED = 0.1, 0.01
"""Below these shares of the data a code is unusual, or unsupported."""
FAR = 2.0
"""A code this many times farther away than the farthest data code is unsupported, even if there are few."""


@dataclass(frozen=True)
class Support:
    """The data support of one code.

    distance:        mean distance to the nearest data codes, in standard deviations
    median_distance: the median of this distance over the data
    distance_share:  share of the data with at least this distance
    error:           decode-encode error in standard deviations
    error_share:     share of the data with at least this error
    """

    distance: float
    median_distance: float
    distance_share: float
    error: float
    error_share: float

    @property
    def share(self) -> float:
        """Twice the smaller of the two shares, at most 1 (Bonferroni correction for two tests)."""
        return min(1.0, 2 * min(self.distance_share, self.error_share))

    @property
    def verdict(self) -> Verdict:
        """Supported from a share of 10 %, unsupported below 1 %, unusual in between."""
        if self.share >= UNUSUAL:
            return "supported"
        return "unusual" if self.share >= UNSUPPORTED else "unsupported"


@dataclass(frozen=True, eq=False)
class DataSupport:
    """The codes of the data, with which a code is compared.

    points:    float32 (N, A), the active dimensions in standard deviations
    distances: float32 (M,), ascending: mean distance of M data codes to their nearest others
    errors:    float32 (E,), ascending: decode-encode errors of E data codes
    against_mean: how much better than the mean image the model is; None if that is not known
    """

    scale: CodeScale
    points: NDArray[np.float32]
    distances: NDArray[np.float32]
    errors: NDArray[np.float32]
    against_mean: MeanImageComparison | None = None

    @property
    def tells_images_apart(self) -> bool:
        """Whether data support has a meaning: not if the model is no better than the mean image."""
        return self.against_mean is None or self.against_mean.better

    def support_of(
        self, frozen_model: FrozenModel, code: NDArray[np.float32], condition: ConditionRow | None = None
    ) -> Support:
        """The data support of a code float32 (L,); a few milliseconds for 10,000 data codes.

        condition: what a conditional model is told of it
        """
        told = repeated(condition, 1)
        point = self.scale.scaled(code[None])
        distance = float(neighbour_distances(point, self.points)[0])
        error = float(decode_encode_errors(frozen_model, code[None], self.scale, condition=told)[0])
        return Support(
            distance,
            float(np.median(self.distances)),
            share_beyond(self.distances, distance),
            error,
            share_beyond(self.errors, error),
        )


def data_support_of(
    frozen_model: FrozenModel,
    codes: Codes,
    progress: Progress = silent,
    seed: int = 0,
    condition: Condition | None = None,
    quick: bool = False,
) -> DataSupport:
    """The reference from N >= 2 codes (N, L) of this model.

    quick:     compare with fewer of them, in a third of the time
    condition: float32 (N, K), what a conditional model is told of the images of these codes
    Of Gaussian codes, samples from the posteriors are taken: the decoder was trained on those.
    Raises what `progress` raises.
    """
    scale = code_scale_of(codes)
    samples = codes.sampled(seed)
    points = scale.scaled(samples)
    order = np.random.default_rng(seed).permutation(len(points))
    queries = points[order[: FEW_DISTANCES if quick else REFERENCE_DISTANCES]]
    distances = neighbour_distances(queries, points, progress, own=True)
    few = order[: FEW_ERRORS if quick else REFERENCE_ERRORS]
    errors = decode_encode_errors(frozen_model, samples[few], scale, progress, some_of(condition, few))
    return DataSupport(scale, points, np.sort(distances), np.sort(errors))


def neighbour_distances(
    queries: NDArray[np.float32],
    points: NDArray[np.float32],
    progress: Progress = silent,
    *,
    own: bool = False,
) -> NDArray[np.float32]:
    """Mean distance of queries float32 (Q, A) to their 10 nearest of points (N, A): float32 (Q,).

    own: whether the queries are among the points; then a query is not counted as its own neighbour
    """
    itself = int(own)  # at distance 0, hence the first
    count = min(NEIGHBOURS + itself, len(points))
    _, distances = nearest(queries, points, count, progress)
    return distances[:, itself:].mean(axis=1)


def share_beyond(known: NDArray[np.float32], value: float) -> float:
    """Share of the known values (N,), ascending, and the value itself that are >= value; 0 far beyond."""
    if value > FAR * known[-1]:
        return 0.0
    beyond = len(known) - int(np.searchsorted(known, value, side="left"))
    return (1 + beyond) / (1 + len(known))
