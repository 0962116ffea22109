"""Positions within the grid's window: cells, shares of the window, points of the plane. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST

if TYPE_CHECKING:
    from aestudio.analysis.grid_cells import AxisScale, GridWindow
    from aestudio.datasets.image_shape import ImageShape

_MIN_SIDE, _MAX_SIDE = 5, 20

Scales = tuple["AxisScale", "AxisScale"]


def best_side(size: tuple[int, int], shape: ImageShape) -> int:
    """Images per row and column that fill a rectangle best, each with whole screen pixels per pixel.

    Where not even a few large images fit with all their pixels, as many as are as high as those of MNIST.

    size: width and height of the rectangle in screen pixels; shape: of the images
    """

    def filled(side: int) -> tuple[int, int]:
        """The length that the images fill, in sides of an image, and how many they are."""
        scale = min(size[0] // (side * shape.width), size[1] // (side * shape.height))
        return scale * side, side

    best = max(range(_MIN_SIDE, _MAX_SIDE + 1), key=filled)
    if filled(best)[0]:
        return best
    high = MNIST.image.height
    fitting = min(size[1] // high, size[0] * shape.height // (high * shape.width))
    return min(max(fitting, _MIN_SIDE), _MAX_SIDE)


def share_of_window(window: GridWindow, scales: Scales, xy: tuple[float, float]) -> tuple[float, float]:
    """A point of the plane as shares of the window, to the right and upward."""
    right, up = (
        (scale.share(value) - edge) / window.width
        for scale, value, edge in zip(scales, xy, (window.left, window.bottom), strict=True)
    )
    return right, up


def point_at(window: GridWindow, scales: Scales, right: float, up: float) -> tuple[float, float]:
    """The point of the plane at these shares of the window."""
    across, upward = scales
    return (
        across.value_at(window.left + right * window.width),
        upward.value_at(window.bottom + up * window.width),
    )


def cell_at(window: GridWindow, side: int, right: float, up: float) -> tuple[int, int]:
    """Column and row of the cell at these shares of the window, which has `side` cells in each row."""
    share = window.width / side
    column = np.floor((window.left + right * window.width) / share + 1e-9)
    row = np.floor((window.bottom + up * window.width) / share + 1e-9)
    return int(column), int(row)


def centre_of(window: GridWindow, side: int, cell: tuple[int, int]) -> tuple[float, float]:
    """The centre of a cell as shares of the whole scales."""
    share = window.width / side
    right, up = ((number + 0.5) * share for number in cell)
    return right, up


def shift_to(window: GridWindow, side: int, cell: tuple[int, int]) -> tuple[float, float]:
    """How far the window must move to contain a cell, in widths of the window; 0 if it contains it."""
    share = window.width / side
    right, up = (
        min(0.0, centre - edge - share / 2) + max(0.0, centre + share / 2 - edge - window.width)
        for centre, edge in zip(centre_of(window, side, cell), (window.left, window.bottom), strict=True)
    )
    if max(abs(right), abs(up)) <= 1e-9:
        return 0.0, 0.0
    return right / window.width, up / window.width
