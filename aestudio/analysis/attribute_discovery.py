"""Which attribute of the decoded images an axis of the code space changes, with a 95 % bound.

The codes of images are moved along the axis over the range of the data, with all other coordinates
unchanged. The decoded images are measured (`morphology`, and the class probabilities), and each measure is
correlated with the position. The correlation is within each image: it shows what the axis changes in an
image, and not which images are at its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.morphology import MEASURES, measure_images, not_measurable
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.analysis.latent_transform import Axes
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress

Verdict = Literal["measure", "mixed", "little", "nothing"]

POSITIONS = 5
RANGE = 1.645  # standard deviations to each side: nine tenths of Gaussian codes
MIN_CORRELATION = 0.5  # |r| is above it with 95 % confidence
MIN_EFFECT = 0.25  # standard deviations of the data by which a measure must change
MIN_CHANGE = 0.05  # share of the difference of two images; below it an image counts as unchanged
_MIN_POSITIONS = 3
# 97.5 % quantiles of Student's t for 1 ... 10 degrees of freedom, and for 20: the jackknife of few images.
_STUDENT = (12.7, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
_STUDENT_MANY = 2.09


@dataclass(frozen=True)
class Association:
    """How one measure depends on the position along an axis.

    r:      correlation of position and measure within each image, pooled over the images
    low:    the lower end of the 95 % interval of |r| (jackknife over the images), at least 0
    effect: change of the measure from the low to the high end, in its standard deviations over the data
    """

    r: float
    low: float
    effect: float


@dataclass(frozen=True)
class AxisName:
    """Which attribute one axis changes.

    verdict: "measure" if one is associated with it, "mixed" if none is, "little" if all change by less than
             a quarter of their standard deviation, "nothing" if the image does not change
    measure: the key of the associated measure ("slant", "class:3"), "" unless the verdict is "measure"
    r, effect: of that measure, 0 if no measure is associated; see `Association`
    associations: of every measure, by key
    images:  the number of images that were moved along the axis
    """

    verdict: Verdict
    measure: str
    r: float
    effect: float
    associations: Mapping[str, Association]
    images: int

    def strongest(self, count: int) -> list[tuple[str, Association]]:
        """The `count` measures with the largest lower bounds of |r|, the largest first."""
        return sorted(self.associations.items(), key=lambda item: -item[1].low)[:count]


@dataclass(frozen=True, eq=False)
class Axis:
    """A direction in the code space and an interval on it.

    vector: float64 (L,), added to a code per unit of the position
    low, high: the interval of positions, low <= high
    origin: float64 (L,), the code at position 0; None if positions are relative to each code
    """

    vector: NDArray[np.float64]
    low: float
    high: float
    origin: NDArray[np.float64] | None = None

    def moved(self, codes: NDArray[np.float32], positions: NDArray[np.float64]) -> NDArray[np.float32]:
        """Codes float32 (N, L) moved to every position float64 (P,): float32 (N, P, L)."""
        offsets: NDArray[np.float64] = np.broadcast_to(positions, (len(codes), len(positions)))
        if self.origin is not None:
            current = (codes - self.origin) @ self.vector / (self.vector @ self.vector)
            offsets = positions - current[:, None]
        return (codes[:, None] + offsets[..., None] * self.vector).astype(np.float32)


def data_axes(axes: Axes, codes: Codes) -> tuple[Axis, ...]:
    """Each axis over the range of the data: 1.645 standard deviations to both sides of the mean.

    For Gaussian codes they are those of the aggregate posterior: a dimension that has collapsed onto the
    prior has the prior's range, as its slider has.
    """
    coordinates = axes.coordinates(codes.mean)
    variances = coordinates.var(axis=0)
    if codes.std is not None:
        posterior_variances = np.square(codes.std, dtype=np.float64).mean(axis=0)
        variances = variances + posterior_variances @ np.square(axes.vectors.T) / np.square(axes.scale)
    centres, ranges = coordinates.mean(axis=0), RANGE * np.sqrt(variances)
    return tuple(
        Axis(vector * scale, float(centre - radius), float(centre + radius), axes.origin)
        for vector, scale, centre, radius in zip(axes.vectors, axes.scale, centres, ranges, strict=True)
    )


@dataclass(frozen=True, eq=False)
class AttributeMeasurer:
    """Measures images, and knows the variation of the measures over the data.

    keys:     the M measures: those of `morphology`, then "class:" and the name of each class
    classify: images uint8 (N, C, H, W) -> class probabilities float32 (N, C); None without classes
    stds:     float64 (M,), each measure's standard deviation over the data
    pixel_difference: root mean squared difference of the C * H * W numbers of two images, in grey levels
    no_strokes: why `morphology` does not measure these images and only the classes are left, or ""
    """

    keys: tuple[str, ...]
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None
    stds: NDArray[np.float64]
    pixel_difference: float
    no_strokes: str = ""

    def measures(self, pictures: NDArray[np.uint8], progress: Progress) -> NDArray[np.float32]:
        """Images uint8 (N, C, H, W) -> measures float32 (N, M), NaN for an image without ink.

        Raises what `progress` raises.
        """
        tables: list[NDArray[np.float32]] = []
        if not self.no_strokes:
            tables.append(measure_images(pictures, progress))
        if self.classify is not None:
            tables.append(self.classify(pictures))
        return np.concatenate(tables, axis=1)


def make_measurer(
    images: NDArray[np.uint8],
    class_names: Sequence[str],
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None,
    progress: Progress,
) -> AttributeMeasurer:
    """A measurer whose variation is that of images of the data, uint8 (N, C, H, W), in random order.

    Pictures without strokes are measured by their classes alone. Raises StudioError if they have none
    either, and what `progress` raises.
    """
    no_strokes = not_measurable(images)
    if no_strokes and classify is None:
        raise StudioError(
            f"No attribute can be measured: {no_strokes}",
            advice="Choose a data set of grey handwriting, or one with labels.",
        )
    strokes = () if no_strokes else MEASURES
    names = tuple(f"class:{name}" for name in class_names) if classify is not None else ()
    measurer = AttributeMeasurer((*strokes, *names), classify, np.ones(0), 0.0, no_strokes)
    table = measurer.measures(images, progress)
    inked = table[np.isfinite(table).all(axis=1)].astype(np.float64)
    stds = inked.std(axis=0) if len(inked) else np.zeros(table.shape[1])
    shifted = np.roll(images, 1, axis=0).astype(np.float64)
    difference = float(np.sqrt(np.square(shifted - images).mean())) if len(images) else 0.0
    return AttributeMeasurer(measurer.keys, classify, stds, difference, no_strokes)


@dataclass(frozen=True, eq=False)
class AxisTraversal:
    """N images moved along one axis.

    table:   float32 (N, P, M), the M measures at P evenly spaced positions, NaN without ink
    change:  float64 (N,), mean squared difference of the images at both ends, in grey levels²
    """

    table: NDArray[np.float32]
    change: NDArray[np.float64]


def traverse_axis(
    decode: Callable[[NDArray[np.float32]], NDArray[np.uint8]],
    codes: NDArray[np.float32],
    axis: Axis,
    measurer: AttributeMeasurer,
    progress: Progress,
) -> AxisTraversal:
    """Move codes float32 (N, L) along the axis, decode and measure the images.

    decode: codes float32 (N, L) -> images uint8 (N, C, H, W). Raises what `progress` raises.
    """
    moved = axis.moved(codes, np.linspace(axis.low, axis.high, POSITIONS))
    images = decode(moved.reshape(-1, codes.shape[1]))
    table = measurer.measures(images, progress).reshape(len(codes), POSITIONS, -1)
    ends = images.reshape(len(codes), POSITIONS, -1)[:, [0, -1]].astype(np.float32)
    return AxisTraversal(table, np.square(ends[:, 1] - ends[:, 0]).mean(axis=1, dtype=np.float64))


def concatenated(traversals: Sequence[AxisTraversal]) -> AxisTraversal:
    """Traversals of several groups of images along one axis as one traversal."""
    return AxisTraversal(
        np.concatenate([part.table for part in traversals]),
        np.concatenate([part.change for part in traversals]),
    )


def name_axis(traversal: AxisTraversal, measurer: AttributeMeasurer) -> AxisName:
    """Which attribute the axis changes, from a traversal along it."""
    associations = {
        key: _association(traversal.table[:, :, index], float(measurer.stds[index]))
        for index, key in enumerate(measurer.keys)
    }
    images = len(traversal.table)
    if np.sqrt(traversal.change.mean()) <= MIN_CHANGE * measurer.pixel_difference:
        return AxisName("nothing", "", 0.0, 0.0, associations, images)
    significant = [
        (key, each)
        for key, each in associations.items()
        if each.low >= MIN_CORRELATION and abs(each.effect) >= MIN_EFFECT
    ]
    if significant:
        key, best = max(significant, key=lambda item: item[1].low * min(1.0, abs(item[1].effect)))
        return AxisName("measure", key, best.r, best.effect, associations, images)
    verdict = "mixed" if _largest_change(traversal.table, measurer.stds) >= MIN_EFFECT else "little"
    return AxisName(verdict, "", 0.0, 0.0, associations, images)


def _largest_change(table: NDArray[np.float32], stds: NDArray[np.float64]) -> float:
    """Largest root mean square range of a measure within an image, in standard deviations of the data."""
    inked = np.isfinite(table).all(axis=(1, 2))
    if not inked.any():
        return np.inf  # the images change: their ink vanishes
    within = np.square(np.ptp(table[inked].astype(np.float64), axis=1)).mean(axis=0)
    return float(np.sqrt(np.max(within[stds > 0] / np.square(stds[stds > 0]), initial=0.0)))


def _association(measured: NDArray[np.float32], std: float) -> Association:
    """The association of one measure (N, P), NaN without ink, with the position."""
    covariance, x, y = _sums_within(measured.astype(np.float64), np.linspace(-0.5, 0.5, measured.shape[1]))
    if not len(x) or y.sum() <= 0 or x.sum() <= 0:
        return Association(0.0, 0.0, 0.0)
    r = float(covariance.sum() / np.sqrt(x.sum() * y.sum()))
    effect = float(covariance.sum() / x.sum() / std) if std > 0 else 0.0
    return Association(r, _lower_bound(covariance, x, y, abs(r)), effect)


def _sums_within(
    measured: NDArray[np.float64], positions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sums of xy, x² and y² about each image's means, each (K,), for the K images with enough ink."""
    valid = np.isfinite(measured)
    rows = valid.sum(axis=1) >= _MIN_POSITIONS
    valid, values = valid[rows], np.where(valid, measured, 0.0)[rows]
    count = valid.sum(axis=1, keepdims=True)
    x = np.where(valid, positions, 0.0)
    x = np.where(valid, x - x.sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.0)
    y = np.where(valid, values - values.sum(axis=1, keepdims=True) / np.maximum(count, 1), 0.0)
    return (x * y).sum(axis=1), np.square(x).sum(axis=1), np.square(y).sum(axis=1)


def _lower_bound(
    covariance: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], r: float
) -> float:
    """Lower end of the 95 % interval of |r|: jackknife over the images of Fisher's z (Efron 1982)."""
    count = len(x)
    if count < 2:
        return 0.0
    others = np.sqrt(np.maximum((x.sum() - x) * (y.sum() - y), 1e-300))
    without = np.abs((covariance.sum() - covariance) / others)
    z = np.arctanh(np.minimum(without, 1 - 1e-9))
    error = np.sqrt((count - 1) / count * np.square(z - z.mean()).sum())
    student = _STUDENT[count - 2] if count - 2 < len(_STUDENT) else _STUDENT_MANY
    return float(max(0.0, np.tanh(np.arctanh(min(r, 1 - 1e-9)) - student * error)))
