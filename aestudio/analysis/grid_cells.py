"""Cells over a plane that stay where they are while a window moves over them: evenly, or at quantiles.

Along each direction a cell has a place. Evenly spaced, places are the plane's own coordinates; at normal
quantiles they are probabilities of the prior, from 0 to 1, so that cells of equal width are equally probable
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
# Probabilities nearer to 0 or 1 are taken as this: four standard deviations out.
_OUTERMOST = 3e-5
_WIDEST, _NARROWEST = 8.0, 1 / 64
"""The window's width at most and at least, in that of the whole grid."""
_NEARLY = 1e-6


@dataclass(frozen=True)
class AxisScale:
    """Places along one direction, and the whole range that is shown at first.

    shift: what a coordinate of the prior's centre is short of 0 (normal spacing only)
    """

    spacing: Spacing
    low: float
    high: float
    shift: float = 0.0

    @property
    def width(self) -> float:
        """Of the whole range."""
        return self.high - self.low

    def value(self, place: float) -> float:
        """Place -> coordinate on the plane."""
        if self.spacing == "even":
            return place
        return _NORMAL.inv_cdf(min(max(place, _OUTERMOST), 1 - _OUTERMOST)) - self.shift

    def place(self, value: float) -> float:
        """Coordinate on the plane -> place."""
        return value if self.spacing == "even" else _NORMAL.cdf(value + self.shift)

    def share(self, value: float) -> float:
        """Coordinate on the plane -> share of the whole range, 0 at its low end."""
        return (self.place(value) - self.low) / self.width

    def value_at(self, share: float) -> float:
        """Share of the whole range -> coordinate on the plane."""
        return self.value(self.low + share * self.width)


def ticks(scale: AxisScale, edge: float, width: float, most: int) -> tuple[tuple[float, str], ...]:
    """Round coordinates along a window that begins at a share and is so wide, with their texts.

    Hardly more than `most` of them; each with its share of the window.
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

    A layout (t-SNE, UMAP) has no axes of the prior: always evenly.
    """
    if spacing == "even" or not isinstance(plane, Plane):
        (left, right), (bottom, top) = ((float(low), float(high)) for low, high in plane.limits)
        return AxisScale("even", left, right), AxisScale("even", bottom, top)
    shifts = [float(plane.origin @ axis) for axis in plane.axes]
    return AxisScale("normal", 0.0, 1.0, shifts[0]), AxisScale("normal", 0.0, 1.0, shifts[1])


@dataclass(frozen=True)
class GridWindow:
    """What is shown of the plane, in shares of the whole grid: left and bottom edge, and width.

    The whole grid is (0, 0, 1); it is as high as it is wide.
    """

    left: float = 0.0
    bottom: float = 0.0
    width: float = 1.0

    def panned(self, right: float, up: float, spacing: Spacing) -> GridWindow:
        """Moved by so many of its own widths and heights; never beyond the prior's end."""
        moved = replace(self, left=self.left + right * self.width, bottom=self.bottom + up * self.width)
        return moved.kept(spacing)

    def zoomed(self, factor: float, right: float, up: float, spacing: Spacing) -> GridWindow:
        """`factor` times as wide, around the point at these shares of its width and height."""
        widest = 1.0 if spacing == "normal" else _WIDEST
        width = min(max(self.width * factor, _NARROWEST), widest)
        shrunk = self.width - width
        moved = GridWindow(self.left + right * shrunk, self.bottom + up * shrunk, width)
        return moved.kept(spacing)

    def kept(self, spacing: Spacing) -> GridWindow:
        """The nearest window that is allowed: there is nothing beyond probabilities of 0 and 1."""
        if spacing == "even":
            return self
        width = min(self.width, 1.0)
        left, bottom = (min(max(edge, 0.0), 1.0 - width) for edge in (self.left, self.bottom))
        return GridWindow(left, bottom, width)


@dataclass(frozen=True)
class CellGrid:
    """Some of the cells: `count` columns and rows from number `first`, counted from the whole grid's corner.

    step: a cell's width and height as places
    """

    scales: tuple[AxisScale, AxisScale]
    step: tuple[float, float]
    first: tuple[int, int]
    count: tuple[int, int]

    @classmethod
    def under(cls, window: GridWindow, scales: tuple[AxisScale, AxisScale], side: int) -> CellGrid:
        """The cells that a window shows of which `side` fit into it, those cut off at its edges included."""
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
        """Coordinates on the plane of a cell's centre, by its numbers in the whole grid."""
        places = (
            scale.low + (number + 0.5) * step
            for scale, step, number in zip(self.scales, self.step, (column, row), strict=True)
        )
        x, y = (scale.value(place) for scale, place in zip(self.scales, places, strict=True))
        return x, y

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Numbers, in the whole grid, of the cell in which a point of the plane lies."""
        column, row = (
            math.floor((scale.place(value) - scale.low) / step)
            for scale, step, value in zip(self.scales, self.step, (x, y), strict=True)
        )
        return column, row

    def centres(self, cells: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Coordinates on the plane (n, 2) of cells."""
        xs = {column: self.centre(column, 0)[0] for column in {cell[0] for cell in cells}}
        ys = {row: self.centre(0, row)[1] for row in {cell[1] for cell in cells}}
        return np.array([(xs[column], ys[row]) for column, row in cells]).reshape(-1, 2)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left and bottom edge, width and height of its cells, in shares of the whole grid."""
        share = self.step[0] / self.scales[0].width
        return tuple(number * share for number in (*self.first, *self.count))  # type: ignore[return-value]
