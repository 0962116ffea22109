"""Where the layers of a network are drawn: at one scale, so that an area is a count of numbers. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from aestudio.analysis.layer_weights import even_columns, mosaic_size
from aestudio.layers.convolution import MAP_AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.layers.layer import Shape

# Device pixels for the side of one number: whole ones first, and fractions for large layers.
SCALES = (8, 7, 6, 5, 4, 3, 2, 1, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 8, 1 / 12, 1 / 16, 1 / 24, 1 / 32)
TALL = 4  # a layer of a row of numbers, or of many maps, is about this many times as high as wide
_SCROLLED = 1.5  # times the width of all labels, where these are wider than the place
_LEAST = 3.0  # pixels of a side that can be seen and clicked


@dataclass(frozen=True)
class Block:
    """A layer: its place in pixels, and how many maps, or numbers of a row, are side by side in it."""

    left: float
    top: float
    width: float
    height: float
    columns: int


@dataclass(frozen=True)
class Arrangement:
    """scale: pixels for the side of one number; width: pixels that all layers take."""

    scale: float
    width: float
    blocks: tuple[Block, ...]
    centres: tuple[float, ...]


def arranged(
    shapes: Sequence[Shape],
    size: tuple[float, float],
    labels: Sequence[float],
    gap: float,
    ratio: float = 1.0,
) -> Arrangement:
    """Arrange layers of these shapes from left to right, at the largest scale at which they fit.

    Every number of every layer is a square of the same size. If the labels alone do not fit into the width,
    the layers are wider than it.

    size: height and width of the place; labels: widths below the layers; gap: between two layers, all in
    logical pixels. ratio: device pixels for each
    """
    height, width = size
    least = sum(labels) + gap * (len(labels) + 1)
    room = width if least <= width else _SCROLLED * least
    found = None
    for device in SCALES:
        found = _at(shapes, height, labels, gap, device / ratio)
        if found is not None and found.width <= room:
            break
    smallest = SCALES[-1] / ratio
    return found or _at(shapes, float("inf"), labels, gap, smallest) or Arrangement(smallest, width, (), ())


def _at(
    shapes: Sequence[Shape], height: float, labels: Sequence[float], gap: float, scale: float
) -> Arrangement | None:
    """The arrangement at a scale; None if a layer is higher than the place."""
    left, blocks, centres = gap, list[Block](), list[float]()
    for shape, label in zip(shapes, labels, strict=True):
        columns = _columns(shape, height / scale)
        rows, across = mosaic_size(shape, columns)
        if rows * scale > max(height, _LEAST):
            return None
        wide, high = max(_LEAST, across * scale), max(_LEAST, rows * scale)
        place = max(wide, label)
        middle = 0.0 if height == float("inf") else (height - high) / 2
        blocks.append(Block(left + (place - wide) / 2, middle, wide, high, columns))
        centres.append(left + place / 2)
        left += place + gap
    return Arrangement(scale, left, tuple(blocks), tuple(centres))


def _columns(shape: Shape, most_rows: float) -> int:
    """Maps or numbers side by side: as few as the height allows, if that is not too high and narrow."""
    if len(shape) == MAP_AXES:
        count, height, width = shape
    else:
        count, height, width = shape[0], 1, 1
    below = max(1, int(min(most_rows, 1e9) // height))  # maps one below the other
    tall = max(1, round((count * height / (width * TALL)) ** 0.5))
    return even_columns(count, max(tall, ceil(count / below)))
