"""Which attribute of the decoded images an axis of the code space changes, with a 95 % bound.

The codes of images are moved along the axis over the range of the data, with all other coordinates
unchanged. The decoded images are measured (`morphology`, and the class probabilities), and each measure is
correlated with the position. The correlation is within each image: it shows what the axis changes in an
image, and not which images are at its ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.morphology import MEASURES, SMALLEST_SCALE, measure_images, not_measurable
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
    rough: whether images are enlarged less, so that measuring takes a third of the time
    """

    keys: tuple[str, ...]
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None
    stds: NDArray[np.float64]
    pixel_difference: float
    no_strokes: str = ""
    rough: bool = False

    def measures(self, pictures: NDArray[np.uint8], progress: Progress) -> NDArray[np.float32]:
        """Images uint8 (N, C, H, W) -> measures float32 (N, M), NaN for an image without ink.

        Raises what `progress` raises.
        """
        tables: list[NDArray[np.float32]] = []
        if not self.no_strokes:
            tables.append(measure_images(pictures, progress, SMALLEST_SCALE if self.rough else None))
        if self.classify is not None:
            tables.append(self.classify(pictures))
        return np.concatenate(tables, axis=1)


def make_measurer(
    images: NDArray[np.uint8],
    class_names: Sequence[str],
    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None,
    progress: Progress,
    *,
    rough: bool = False,
) -> AttributeMeasurer:
    """A measurer whose variation is that of images of the data, uint8 (N, C, H, W), in random order.

    rough: measure quickly: areas, widths and heights hardly change, lengths and thicknesses by 1 to 2 %
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
    measurer = AttributeMeasurer((*strokes, *names), classify, np.ones(0), 0.0, no_strokes, rough)
    table = measurer.measures(images, progress)
    inked = table[np.isfinite(table).all(axis=1)].astype(np.float64)
    stds = inked.std(axis=0) if len(inked) else np.zeros(table.shape[1])
    shifted = np.roll(images, 1, axis=0).astype(np.float64)
    difference = float(np.sqrt(np.square(shifted - images).mean())) if len(images) else 0.0
    return replace(measurer, stds=stds, pixel_difference=difference)


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
    return traverse_axes(decode, codes, (axis,), measurer, progress)[0]


def traverse_axes(
    decode: Callable[[NDArray[np.float32]], NDArray[np.uint8]],
    codes: NDArray[np.float32],
    axes: Sequence[Axis],
    measurer: AttributeMeasurer,
    progress: Progress,
) -> list[AxisTraversal]:
    """The same along each of A axes, from codes (N, L); all images are decoded and measured together.

    decode: gets the codes of one axis after the other: of each code at every position, then the next code
    """
    positions = [np.linspace(axis.low, axis.high, POSITIONS) for axis in axes]
    moved = [axis.moved(codes, places) for axis, places in zip(axes, positions, strict=True)]
    images = decode(np.concatenate(moved).reshape(-1, codes.shape[1]))
    shape = len(axes), len(codes), POSITIONS
    tables = measurer.measures(images, progress).reshape(*shape, -1)
    ends = images.reshape(*shape, -1)[:, :, [0, -1]].astype(np.float32)
    changes = np.square(ends[:, :, 1] - ends[:, :, 0]).mean(axis=2, dtype=np.float64)
    return [AxisTraversal(table, change) for table, change in zip(tables, changes, strict=True)]


def concatenated(traversals: Sequence[AxisTraversal]) -> AxisTraversal:
    """Traversals of several groups of images along one axis as one traversal."""
    return AxisTraversal(
        np.concatenate([part.table for part in traversals]),
        np.concatenate([part.change for part in traversals]),
    )


def name_axis(traversal: AxisTraversal, measurer: AttributeMeasurer) -> AxisName:
    """Which attribute the axis changes, from a traversal along it."""
    associations = dict(zip(measurer.keys, _associations(traversal.table, measurer.stds), strict=True))
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


def _associations(table: NDArray[np.float32], stds: NDArray[np.float64]) -> list[Association]:
    """The association of each of M measures (N, P, M), NaN without ink, with the position.

    stds: float64 (M,), of the measures over the data
    """
    covariance, x, y, enough = _sums_within(table.astype(np.float64))
    total, of_x, of_y = covariance.sum(axis=0), x.sum(axis=0), y.sum(axis=0)
    known = (of_x > 0) & (of_y > 0)
    of_x = np.where(known, of_x, 1.0)
    r = np.where(known, total / np.sqrt(of_x * np.where(known, of_y, 1.0)), 0.0)
    effect = np.where(known & (stds > 0), total / of_x / np.where(stds > 0, stds, 1.0), 0.0)
    low = np.where(known, _lower_bounds(covariance, x, y, enough, np.abs(r)), 0.0)
    return [Association(*values) for values in zip(r.tolist(), low.tolist(), effect.tolist(), strict=True)]


def _sums_within(
    table: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Sums of xy, x² and y² about the means of each image and measure (N, P, M), and which count, all (N, M).

    x is the position; those of images with too little ink are 0.
    """
    positions = np.linspace(-0.5, 0.5, table.shape[1])[None, :, None]
    valid = np.isfinite(table)
    enough = valid.sum(axis=1) >= _MIN_POSITIONS
    valid &= enough[:, None]
    count = np.maximum(valid.sum(axis=1, keepdims=True), 1)
    x, y = np.where(valid, positions, 0.0), np.where(valid, table, 0.0)
    x = np.where(valid, x - x.sum(axis=1, keepdims=True) / count, 0.0)
    y = np.where(valid, y - y.sum(axis=1, keepdims=True) / count, 0.0)
    return (x * y).sum(axis=1), np.square(x).sum(axis=1), np.square(y).sum(axis=1), enough


def _lower_bounds(
    covariance: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    enough: NDArray[np.bool_],
    r: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Lower ends (M,) of the 95 % intervals of |r| (M,): jackknife over the images of Fisher's z.

    Efron 1982. covariance, x, y, enough: (N, M), see `_sums_within`
    """
    count = enough.sum(axis=0)
    images = np.maximum(count, 1)
    others = np.sqrt(np.maximum((x.sum(axis=0) - x) * (y.sum(axis=0) - y), 1e-300))
    without = np.abs((covariance.sum(axis=0) - covariance) / others)
    z = np.where(enough, np.arctanh(np.minimum(without, 1 - 1e-9)), 0.0)
    spread = np.where(enough, np.square(z - z.sum(axis=0) / images), 0.0).sum(axis=0)
    error = np.sqrt((count - 1).clip(0) / images * spread)
    students = np.array([*_STUDENT, _STUDENT_MANY])
    student = students[np.clip(count - 2, 0, len(_STUDENT))]
    low = np.tanh(np.arctanh(np.minimum(r, 1 - 1e-9)) - student * error)
    return np.where(count >= 2, np.maximum(low, 0.0), 0.0)
