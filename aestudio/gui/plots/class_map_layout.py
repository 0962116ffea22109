"""Where the plot of a map, its legend and its colour scales lie. Pure functions of sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    Boxes = tuple[QRect, QRect, QRect]


class SizedLegend(Protocol):
    """What is asked of the legend; all lengths are in pixels."""

    def column_width(self, height: int) -> int:
        """The width that it needs beside the plot; 0 if its place is below."""
        ...

    def lines_height(self, width: int) -> int:
        """The height that it needs below the plot."""
        ...


@dataclass(frozen=True)
class MapParts:
    """Sizes in pixels.

    width, height, gap: of the whole, and between two parts
    margins: what is around the data, across and down, for a square of data; None: the plot fills its place
    scales:  height of the line of scales, 0 without; legend: None without
    corner:  width and height of what lies above the legend, right of the plot; None without
    """

    width: int
    height: int
    gap: int
    margins: tuple[int, int] | None
    scales: int
    legend: SizedLegend | None
    corner: tuple[int, int] | None = None


def boxes_of(parts: MapParts) -> Boxes:
    """The boxes of plot, legend and scales; the legend is where it leaves the larger square to the plot."""
    if parts.corner is not None:
        return _beside_corner(parts, *parts.corner)
    below = _below(parts)
    if parts.legend is None or parts.margins is None:
        return below
    beside = _beside(parts, parts.legend)
    return beside if beside is not None and beside[0].height() > below[0].height() else below


def _below(parts: MapParts) -> Boxes:
    """One under the other: the plot, the scales, the legend."""
    bottom = parts.height
    lines = 0 if parts.legend is None else parts.legend.lines_height(parts.width)
    legend = QRect(0, bottom - lines, parts.width, lines)
    bottom -= lines + parts.gap if lines else 0
    scales = QRect(0, bottom - parts.scales, parts.width, parts.scales)
    bottom -= parts.scales + parts.gap if parts.scales else 0
    width, height = _plot_size(parts, parts.width, max(1, bottom))
    plot = QRect(0, 0, width, height)  # under the left end of what is above it
    # Where the square is lower than its place, scales and legend stay right below it.
    up = max(1, bottom) - height
    return plot, legend.translated(0, -up), scales.translated(0, -up)


def _beside(parts: MapParts, legend: SizedLegend) -> Boxes | None:
    """The legend right of the plot; None if its place is below."""
    height = parts.height - (parts.scales + parts.gap if parts.scales else 0)
    column = legend.column_width(height)
    if not column:
        return None
    width, high = _plot_size(parts, max(1, parts.width - parts.gap - column), max(1, height))
    return (
        QRect(0, 0, width, high),
        QRect(width + parts.gap, 0, column, high),
        QRect(0, high + parts.gap, parts.width, parts.scales),
    )


def _beside_corner(parts: MapParts, across: int, down: int) -> Boxes:
    """The legend right of the plot, below what lies in the corner."""
    height = parts.height - (parts.scales + parts.gap if parts.scales else 0)
    rest = max(0, height - down - parts.gap)
    column = across if parts.legend is None else max(across, parts.legend.column_width(rest))
    width, high = _plot_size(parts, max(1, parts.width - parts.gap - column), max(1, height))
    return (
        QRect(0, 0, width, high),
        QRect(width + parts.gap, down + parts.gap, column, rest),
        QRect(0, high + parts.gap, parts.width, parts.scales),
    )


def _plot_size(parts: MapParts, width: int, height: int) -> tuple[int, int]:
    """The largest plot that fits; with a square of data, if that is demanded."""
    if parts.margins is None:
        return width, height
    across, down = parts.margins
    side = max(1, min(width - across, height - down))
    return side + across, side + down
