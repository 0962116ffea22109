"""Cells of a grid over a plane, fixed while a window moves over them: evenly spaced or at normal quantiles.

Each cell has a position along each axis. With even spacing, positions are coordinates of the plane; with
normal spacing, they are probabilities of the prior, so that equally wide cells are equally probable
(Kingma & Welling 2013, appendix A).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.projections import Plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D

Spacing = Literal["even", "normal"]

_NORMAL = NormalDist()
# Probabilities are clipped to this distance from 0 and 1: four standard deviations.
_OUTERMOST = 3e-5
_WIDEST, _NARROWEST = 8.0, 1 / 64
"""The largest and smallest width of the window, in widths of the whole grid."""
_NEARLY = 1e-6


@dataclass(frozen=True)
class AxisScale:
    """Positions along one axis, and the range of the whole grid.

    shift: added to a coordinate so that the prior's centre is at 0 (normal spacing only)
    """

    spacing: Spacing
    low: float
    high: float
    shift: float = 0.0

    @property
    def width(self) -> float:
        """The width of the whole range."""
        return self.high - self.low

    def value(self, position: float) -> float:
        """Position -> coordinate on the plane."""
        if self.spacing == "even":
            return position
        return _NORMAL.inv_cdf(min(max(position, _OUTERMOST), 1 - _OUTERMOST)) - self.shift

    def position(self, value: float) -> float:
        """Coordinate on the plane -> position."""
        return value if self.spacing == "even" else _NORMAL.cdf(value + self.shift)

    def share(self, value: float) -> float:
        """Coordinate on the plane -> share of the whole range, 0 at its low end."""
        return (self.position(value) - self.low) / self.width

    def value_at(self, share: float) -> float:
        """Share of the whole range -> coordinate on the plane."""
        return self.value(self.low + share * self.width)


def ticks(scale: AxisScale, edge: float, width: float, most: int) -> tuple[tuple[float, str], ...]:
    """Round coordinates along a window, with their texts: about `most` ticks (share of the window, text).

    edge, width: of the window, in shares of the whole range
    """
    low, high = scale.value_at(edge), scale.value_at(edge + width)
    if scale.spacing == "normal":  # the outermost probabilities are crowded at the ends
        low, high = max(low, -2.5 - scale.shift), min(high, 2.5 - scale.shift)
    step = _round_step((high - low) / (most + 1))
    decimals = max(0, -math.floor(math.log10(step) + _NEARLY))
    numbers = range(math.ceil(low / step - _NEARLY), math.floor(high / step + _NEARLY) + 1)
    return tuple(
        ((scale.share(number * step) - edge) / width, _number(number * step, decimals)) for number in numbers
    )


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not less."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-12)))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - _NEARLY))


def _number(value: float, decimals: int) -> str:
    return f"{value + 0.0:.{decimals}f}".replace("-", "−")


def scales_of(plane: Plane | Embedding2D, spacing: Spacing) -> tuple[AxisScale, AxisScale]:
    """The scales to the right and upward; evenly over the plane's limits, or over the whole prior.

    An embedding (t-SNE, UMAP) has no axes of the prior: its spacing is always even.
    """
    if spacing == "even" or not isinstance(plane, Plane):
        (left, right), (bottom, top) = ((float(low), float(high)) for low, high in plane.limits)
        return AxisScale("even", left, right), AxisScale("even", bottom, top)
    shifts = [float(plane.origin @ axis) for axis in plane.axes]
    return AxisScale("normal", 0.0, 1.0, shifts[0]), AxisScale("normal", 0.0, 1.0, shifts[1])


@dataclass(frozen=True)
class GridWindow:
    """The visible part of the plane, in shares of the whole grid: left and bottom edge, and width.

    The whole grid is (0, 0, 1); a window is as high as it is wide.
    """

    left: float = 0.0
    bottom: float = 0.0
    width: float = 1.0

    def panned(self, right: float, up: float, spacing: Spacing) -> GridWindow:
        """The window moved by these multiples of its width and height, within the prior's range."""
        moved = replace(self, left=self.left + right * self.width, bottom=self.bottom + up * self.width)
        return moved.clipped(spacing)

    def zoomed(self, factor: float, right: float, up: float, spacing: Spacing) -> GridWindow:
        """`factor` times as wide, around the point at these shares of its width and height."""
        widest = 1.0 if spacing == "normal" else _WIDEST
        width = min(max(self.width * factor, _NARROWEST), widest)
        shrunk = self.width - width
        moved = GridWindow(self.left + right * shrunk, self.bottom + up * shrunk, width)
        return moved.clipped(spacing)

    def clipped(self, spacing: Spacing) -> GridWindow:
        """The nearest valid window: probabilities are from 0 to 1."""
        if spacing == "even":
            return self
        width = min(self.width, 1.0)
        left, bottom = (min(max(edge, 0.0), 1.0 - width) for edge in (self.left, self.bottom))
        return GridWindow(left, bottom, width)


@dataclass(frozen=True)
class CellGrid:
    """Some of the cells: `count` columns and rows from `first` (column, row of the whole grid).

    step: a cell's width and height, in positions
    """

    scales: tuple[AxisScale, AxisScale]
    step: tuple[float, float]
    first: tuple[int, int]
    count: tuple[int, int]

    @classmethod
    def under(cls, window: GridWindow, scales: tuple[AxisScale, AxisScale], side: int) -> CellGrid:
        """The cells in a window that is `side` cells wide, with those that its edges cut."""
        share = window.width / side
        edges = (window.left / share, window.bottom / share)
        first = tuple(math.floor(edge + _NEARLY) for edge in edges)
        last = tuple(math.ceil(edge + side - _NEARLY) for edge in edges)
        return cls(
            scales,
            (scales[0].width * share, scales[1].width * share),
            (first[0], first[1]),
            (last[0] - first[0], last[1] - first[1]),
        )

    def centre(self, column: int, row: int) -> tuple[float, float]:
        """Coordinates on the plane of a cell's centre, by its column and row in the whole grid."""
        positions = (
            scale.low + (number + 0.5) * step
            for scale, step, number in zip(self.scales, self.step, (column, row), strict=True)
        )
        x, y = (scale.value(position) for scale, position in zip(self.scales, positions, strict=True))
        return x, y

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """(column, row), in the whole grid, of the cell at a point of the plane."""
        column, row = (
            math.floor((scale.position(value) - scale.low) / step)
            for scale, step, value in zip(self.scales, self.step, (x, y), strict=True)
        )
        return column, row

    def centres(self, cells: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Coordinates float64 (n, 2) of the centres of n cells (column, row)."""
        xs = {column: self.centre(column, 0)[0] for column in {cell[0] for cell in cells}}
        ys = {row: self.centre(0, row)[1] for row in {cell[1] for cell in cells}}
        return np.array([(xs[column], ys[row]) for column, row in cells]).reshape(-1, 2)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left and bottom edge, width and height of its cells, in shares of the whole grid."""
        share = self.step[0] / self.scales[0].width
        (left, bottom), (columns, rows) = self.first, self.count
        return left * share, bottom * share, columns * share, rows * share
