"""A sheet of traversals: a row of decoded images for each axis of a latent space, most informative first.

As the figures of beta-VAE (Higgins et al. 2017), FactorVAE (Kim & Mnih 2018) and Burgess et al. 2018, which
move one latent dimension from -3 to 3 and sort the rows by the mean KL to the prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.analysis.latent_transform import axes_of_dimensions
from aestudio.errors import BadChoice
from aestudio.inference.conditions import repeated
from aestudio.progress import silent
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.axis_statistics import AxisStatistics
    from aestudio.analysis.latent_transform import Axes
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

COLUMNS = (7, 9, 11, 13, 15)
"""Numbers of images in a row; odd, so that the middle of the range is one of them."""
SIGMAS = 3.0
"""Standard deviations of the prior, or of the data along a component, to each side of the middle."""
_ROWS_AT_ONCE = 32

Measure = Literal["kl", "variance", "change"]


@dataclass(frozen=True, eq=False)
class RankedAxes:
    """k axes and how much each says about an image.

    measure:     kl: mean KL to the prior in nats; variance: share of the codes' variance, 0 to 1;
                 change: of a model without codes of images, the root mean squared difference of the images
                 decoded at both ends of the axis around the neutral code, 0 to 1
    information: float64 (k,), this measure of each axis
    order:       int64 (k,), the axes' numbers from 0, the most informative first; equal ones by their number
    active:      bool (k,), whether each is active (`axis_statistics.ACTIVE`); None if that is not known
    ranges:      float64 (k, 2), the coordinates at both ends of each row
    sigmas:      whether the ranges are in standard deviations: of the prior, or of the data along a component
    """

    axes: Axes
    measure: Measure
    information: NDArray[np.float64]
    order: NDArray[np.int64]
    active: NDArray[np.bool_] | None
    ranges: NDArray[np.float64]
    sigmas: bool

    def __len__(self) -> int:
        return len(self.axes)

    @property
    def neutral(self) -> NDArray[np.float32]:
        """The mean of the prior, or of the codes of a model without one: float32 (L,)."""
        return self.axes.muted(self.axes.origin, range(len(self)))


@dataclass(frozen=True, eq=False)
class TraversalSheet:
    """Decoded images of r rows and n columns.

    numbers: int64 (r,), the axis of each row; values: float64 (r, n), its coordinate in each column
    codes:   float32 (r, n, L); images: uint8 (r, n, C, H, W)
    """

    ranked: RankedAxes
    numbers: NDArray[np.int64]
    values: NDArray[np.float64]
    codes: NDArray[np.float32]
    images: NDArray[np.uint8]


def ranked_axes(statistics: AxisStatistics, prior: bool, components: bool = False) -> RankedAxes:
    """Axes sorted by their KL, or by their share of the variance if there is no KL of each.

    prior: whether the prior is N(0, I), whose standard deviations are the dimensions' unit
    components: whether the axes are principal components, in standard deviations of the data
    The range is -3 to 3 standard deviations, or that of the data, which has no other scale.
    """
    sigmas = prior or components
    ranges = np.tile([-SIGMAS, SIGMAS], (len(statistics), 1)) if sigmas else statistics.ranges
    measure: Measure = "variance" if statistics.kl is None else "kl"
    information = statistics.information
    order = np.argsort(-information, kind="stable")
    return RankedAxes(statistics.axes, measure, information, order, statistics.active, ranges, sigmas)


def axes_by_change(frozen_model: FrozenModel, condition: ConditionRow | None = None) -> RankedAxes:
    """The dimensions of a model whose images have no codes, by how much the decoded image changes along each.

    condition: what a conditional model is told
    """
    size = frozen_model.snapshot.architecture.latent.size
    require_continuous(frozen_model.snapshot.architecture, "it has no axes")
    axes, ranges = axes_of_dimensions(size), np.tile([-SIGMAS, SIGMAS], (size, 1))
    ends = _codes(axes, np.arange(size), ranges, np.zeros(size, np.float32)).reshape(2 * size, size)
    images = frozen_model.decode_exactly(ends, repeated(condition, len(ends))).astype(np.float64)
    pairs = images.reshape(size, 2, -1)
    change = np.sqrt(np.square(pairs[:, 1] - pairs[:, 0]).mean(axis=1))
    return RankedAxes(axes, "change", change, np.argsort(-change, kind="stable"), None, ranges, sigmas=True)


def traversal_sheet(
    frozen_model: FrozenModel,
    ranked: RankedAxes,
    around: NDArray[Any],
    columns: int,
    rows: slice = slice(None),
    condition: ConditionRow | None = None,
    progress: Progress = silent,
) -> TraversalSheet:
    """The images of some rows of the sheet.

    around: the code (L,) whose other coordinates are kept
    rows:   which rows, of those of all axes in their order
    Raises BadChoice for fewer than two columns, StudioError for discrete codes, and what `progress` raises.
    """
    if columns < 2:
        raise BadChoice("columns", columns, "whole number from 2")
    require_continuous(frozen_model.snapshot.architecture, "it has no axes to move along")
    numbers = ranked.order[rows]
    low, high = ranked.ranges[numbers].T
    share = np.linspace(0.0, 1.0, columns)
    values = low[:, None] * (1 - share) + high[:, None] * share
    codes = _codes(ranked.axes, numbers, values, np.asarray(around, np.float32))
    shape = frozen_model.snapshot.data.image.array
    images = np.empty((len(numbers), columns, *shape), np.uint8)
    for start in range(0, len(numbers), _ROWS_AT_ONCE):
        progress(start, len(numbers), "Decoding the sheet")
        some = codes[start : start + _ROWS_AT_ONCE].reshape(-1, codes.shape[2])
        decoded = frozen_model.decode(some, repeated(condition, len(some)))
        images[start : start + _ROWS_AT_ONCE] = decoded.reshape(-1, columns, *shape)
    progress(len(numbers), len(numbers), "Decoding the sheet")
    return TraversalSheet(ranked, numbers, values, codes, images)


def _codes(
    axes: Axes, numbers: NDArray[np.int64], values: NDArray[np.float64], around: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The code (L,) with each of the values (r, n) of the axes (r,): float32 (r, n, L)."""
    codes = np.empty((*values.shape, axes.size), np.float32)
    for row, number in enumerate(numbers.tolist()):
        for column, value in enumerate(values[row].tolist()):
            codes[row, column] = axes.with_coordinate(around, number, value)
    return codes
