"""What an axis of the code space moves in the decoded digits, and how surely.

The codes of real digits are moved along the axis over the range that the data has there, everything else
of the code as it is; the decoded pictures are measured (`morphology`, and the classes' probabilities), and
each measure is held against the position. Correlating within each digit asks what the axis does to a
digit, not which digits lie at its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.morphology import MEASURES, measure_images

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.analysis.latent_transform import Axes
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

Verdict = Literal["measure", "mixed", "little", "nothing"]

POSITIONS = 5
REACH = 1.645  # standard deviations to each side: nine tenths of the codes, were they Gaussian
SURE = 0.5  # |r| is above it with 95 % confidence
SEEN = 0.25  # standard deviations of the data that a measure must change by
STILL = 0.05  # share of the difference between two digits below which a picture stays the same
_LEAST_POSITIONS = 3
# 97.5 % quantiles of Student's t for 1 ... 10 degrees of freedom, and for 20: the jackknife of few digits.
_STUDENT = (12.7, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
_STUDENT_MANY = 2.09


@dataclass(frozen=True)
class Association:
    """How one measure goes with the position along an axis.

    r:      correlation of position and measure within each digit, pooled over the digits
    low:    the lower end of the 95 % interval of |r| (jackknife over the digits), at least 0
    effect: change from the axis' low to its high end, in the measure's standard deviation over the data
    """

    r: float
    low: float
    effect: float


@dataclass(frozen=True)
class AxisName:
    """What one axis moves.

    verdict: "measure" where one is sure, "mixed" where none is, "little" where all change by less than a
             quarter of the data's spread, "nothing" where the picture stays the same
    measure: the key of what it moves ("slant", "class:3"), "" unless the verdict is "measure"
    r, effect: of that measure, 0 if no measure is associated; see `Association`
    links:   of every measure, by key
    digits:  how many digits were moved along the axis
    """

    verdict: Verdict
    measure: str
    r: float
    effect: float
    links: Mapping[str, Association]
    digits: int

    def strongest(self, count: int) -> list[tuple[str, Association]]:
        """The measures that go with the position most surely, the surest first."""
        return sorted(self.links.items(), key=lambda item: -item[1].low)[:count]


@dataclass(frozen=True, eq=False)
class Axis:
    """A direction through the code space and the stretch of it to look at.

    vector: float64 (L,), what one unit of the position adds to a code; low <= high: the stretch
    origin: float64 (L,), the code at position 0; None where the position is counted from each code itself
    """

    vector: NDArray[np.float64]
    low: float
    high: float
    origin: NDArray[np.float64] | None = None

    def moved(self, codes: NDArray[np.float32], positions: NDArray[np.float64]) -> NDArray[np.float32]:
        """Codes (N, L) at every position (P,): (N, P, L)."""
        by: NDArray[np.float64] = np.broadcast_to(positions, (len(codes), len(positions)))
        if self.origin is not None:
            now = (codes - self.origin) @ self.vector / (self.vector @ self.vector)
            by = positions - now[:, None]
        return (codes[:, None] + by[..., None] * self.vector).astype(np.float32)


def data_axes(axes: Axes, codes: Codes) -> tuple[Axis, ...]:
    """Each axis over its data's range: 1.645 standard deviations of all that the encoder says, both ways.

    A Gaussian code's spread counts with its means: a number that has collapsed onto the prior is looked at
    over the prior's range, as its slider is.
    """
    places = axes.coordinates(codes.mean)
    variances = places.var(axis=0)
    if codes.std is not None:
        own = np.square(codes.std, dtype=np.float64).mean(axis=0)
        variances = variances + own @ np.square(axes.vectors.T) / np.square(axes.scale)
    middles, reach = places.mean(axis=0), REACH * np.sqrt(variances)
    return tuple(
        Axis(vector * scale, float(middle - far), float(middle + far), axes.origin)
        for vector, scale, middle, far in zip(axes.vectors, axes.scale, middles, reach, strict=True)
    )


@dataclass(frozen=True, eq=False)
class AttributeMeasurer:
    """What pictures are measured with, and the spread of the data to compare with.

    keys:     the measures: those of `morphology`, then "class:" and each class's name
    classify: pictures uint8 (N, 28, 28) -> probabilities (N, classes); None where no class is known
    spread:   float64 (M,), each measure's standard deviation over the data
    apart:    root of the mean squared difference of two digits' pixels, grey levels
    """

    keys: tuple[str, ...]
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None
    spread: NDArray[np.float64]
    apart: float

    def measures(self, pictures: NDArray[np.uint8], progress: Progress) -> NDArray[np.float32]:
        """(N, M), with NaN where a picture shows no ink."""
        table = measure_images(pictures, progress)
        if self.classify is None:
            return table
        return np.concatenate([table, self.classify(pictures)], axis=1)


def make_measurer(
    pictures: NDArray[np.uint8],
    class_names: Sequence[str],
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None,
    progress: Progress,
) -> AttributeMeasurer:
    """A ruler by pictures of the data, uint8 (N, 28, 28), in no particular order."""
    names = tuple(f"class:{name}" for name in class_names) if classify is not None else ()
    blank = AttributeMeasurer((*MEASURES, *names), classify, np.ones(0), 0.0)
    table = blank.measures(pictures, progress)
    inked = table[np.isfinite(table).all(axis=1)].astype(np.float64)
    spread = inked.std(axis=0) if len(inked) else np.zeros(table.shape[1])
    shifted = np.roll(pictures, 1, axis=0).astype(np.float64)
    apart = float(np.sqrt(np.square(shifted - pictures).mean())) if len(pictures) else 0.0
    return AttributeMeasurer(blank.keys, classify, spread, apart)


@dataclass(frozen=True, eq=False)
class AxisTraversal:
    """Digits moved along one axis.

    table:   float (N, P, M), their measures at evenly spaced positions, NaN without ink
    changed: float64 (N,), mean squared difference of the pictures at both ends, grey levels²
    """

    table: NDArray[np.float32]
    changed: NDArray[np.float64]


def traverse_axis(
    decode: Callable[[NDArray[np.float32]], NDArray[np.uint8]],
    codes: NDArray[np.float32],
    axis: Axis,
    ruler: AttributeMeasurer,
    progress: Progress,
) -> AxisTraversal:
    """Move codes (N, L) along the axis, decode and measure; raises what `progress` raises."""
    moved = axis.moved(codes, np.linspace(axis.low, axis.high, POSITIONS))
    pictures = decode(moved.reshape(-1, codes.shape[1]))
    table = ruler.measures(pictures, progress).reshape(len(codes), POSITIONS, -1)
    ends = pictures.reshape(len(codes), POSITIONS, -1)[:, [0, -1]].astype(np.float32)
    return AxisTraversal(table, np.square(ends[:, 1] - ends[:, 0]).mean(axis=1, dtype=np.float64))


def joined(walks: Sequence[AxisTraversal]) -> AxisTraversal:
    """Several walks along one axis as one."""
    return AxisTraversal(
        np.concatenate([part.table for part in walks]), np.concatenate([part.changed for part in walks])
    )


def name_of(walked: AxisTraversal, ruler: AttributeMeasurer) -> AxisName:
    """What the axis moves, as the walk along it shows."""
    links = {
        key: _link(walked.table[:, :, index], float(ruler.spread[index]))
        for index, key in enumerate(ruler.keys)
    }
    digits = len(walked.table)
    if np.sqrt(walked.changed.mean()) <= STILL * ruler.apart:
        return AxisName("nothing", "", 0.0, 0.0, links, digits)
    sure = [(key, link) for key, link in links.items() if link.low >= SURE and abs(link.effect) >= SEEN]
    if sure:
        key, link = max(sure, key=lambda item: item[1].low * min(1.0, abs(item[1].effect)))
        return AxisName("measure", key, link.r, link.effect, links, digits)
    verdict = "mixed" if _movement(walked.table, ruler.spread) >= SEEN else "little"
    return AxisName(verdict, "", 0.0, 0.0, links, digits)


def _movement(table: NDArray[np.float32], spread: NDArray[np.float64]) -> float:
    """How far the measure that moves most moves within a digit, in the data's standard deviations."""
    inked = np.isfinite(table).all(axis=(1, 2))
    if not inked.any():
        return np.inf  # digits that vanish are moved indeed
    within = np.square(np.ptp(table[inked].astype(np.float64), axis=1)).mean(axis=0)
    return float(np.sqrt(np.max(within[spread > 0] / np.square(spread[spread > 0]), initial=0.0)))


def _link(measured: NDArray[np.float32], spread: float) -> Association:
    """The link of one measure (N, P), NaN where there is none, with the position."""
    covariance, x, y = _sums_within(measured.astype(np.float64), np.linspace(-0.5, 0.5, measured.shape[1]))
    if not len(x) or y.sum() <= 0 or x.sum() <= 0:
        return Association(0.0, 0.0, 0.0)
    r = float(covariance.sum() / np.sqrt(x.sum() * y.sum()))
    effect = float(covariance.sum() / x.sum() / spread) if spread > 0 else 0.0
    return Association(r, _lower_end(covariance, x, y, abs(r)), effect)


def _sums_within(
    measured: NDArray[np.float64], positions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sums of xy, x² and y² about each digit's own means, each (K,), of the K digits with enough ink."""
    there = np.isfinite(measured)
    rows = there.sum(axis=1) >= _LEAST_POSITIONS
    there, values = there[rows], np.where(there, measured, 0.0)[rows]
    count = there.sum(axis=1, keepdims=True)
    x = np.where(there, positions, 0.0)
    x = np.where(there, x - x.sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.0)
    y = np.where(there, values - values.sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.0)
    return (x * y).sum(axis=1), np.square(x).sum(axis=1), np.square(y).sum(axis=1)


def _lower_end(
    covariance: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], r: float
) -> float:
    """The lower end of |r|'s 95 % interval: jackknife over the digits of Fisher's z (Efron 1982)."""
    count = len(x)
    if count < 2:
        return 0.0
    others = np.sqrt(np.maximum((x.sum() - x) * (y.sum() - y), 1e-300))
    without = np.abs((covariance.sum() - covariance) / others)
    z = np.arctanh(np.minimum(without, 1 - 1e-9))
    error = np.sqrt((count - 1) / count * np.square(z - z.mean()).sum())
    student = _STUDENT[count - 2] if count - 2 < len(_STUDENT) else _STUDENT_MANY
    return float(max(0.0, np.tanh(np.arctanh(min(r, 1 - 1e-9)) - student * error)))
