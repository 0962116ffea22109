"""Draws points as thumbnails of their images if the map is zoomed in far enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    import numpy.typing as npt

    from aestudio.gui.plots.map_layers import ImagesOf
    from aestudio.gui.plots.raster import Pixels

_FRAME, _SIDE_PER_FRAME = 2, 8

LARGEST_SIDE = 96
"""Pixels of the longer side of the largest thumbnail, with its frame, on a screen of usual resolution."""

_MOST_CACHED = 4000

Size = tuple[int, int]
"""Height and width."""


def frame_width(image_size: Size) -> int:
    """Width of the frame in the class's colour, in pixels of the image: 2, or less around a small image."""
    return min(_FRAME, max(1, min(image_size) // _SIDE_PER_FRAME))


def tile_size(image_size: Size, factor: int) -> Size:
    """Device pixels of a thumbnail with its frame, at `factor` device pixels per image pixel."""
    both = 2 * frame_width(image_size)
    return factor * (image_size[0] + both), factor * (image_size[1] + both)


def factor_for(visible: int, space: Size, image_size: Size, least: int = 1) -> int:
    """Device pixels per image pixel for `visible` points; 0 if thumbnails do not fit.

    They fit if the visible points' thumbnails, laid side by side, fill the drawing at most once. `least` is
    the smallest readable factor, larger on screens of a high resolution.

    space: height and width of the drawing, in device pixels
    """
    if visible <= 0:
        return 0
    tile_height, tile_width = tile_size(image_size, 1)
    most = int(np.sqrt(space[0] * space[1] / visible) / np.sqrt(tile_height * tile_width))
    largest = max(1, LARGEST_SIDE // max(tile_height, tile_width))
    return 0 if most < least else min(most, largest * least) // least * least


def non_overlapping(
    column: npt.NDArray[np.floating], row: npt.NDArray[np.floating], size: Size
) -> npt.NDArray[np.intp]:
    """Indices of the points (n,) whose rectangles of `size` do not overlap an earlier point's rectangle."""
    # A cell as large as a rectangle holds at most one centre, so it is enough to check eight neighbours.
    height, width = size
    taken: dict[tuple[int, int], tuple[float, float]] = {}
    chosen = []
    for number, (x, y) in enumerate(zip(column.tolist(), row.tolist(), strict=True)):
        across, down = int(x // width), int(y // height)
        for offset in _AROUND:
            other = taken.get((across + offset[0], down + offset[1]))
            if other is not None and abs(other[0] - x) < width and abs(other[1] - y) < height:
                break
        else:
            taken[across, down] = (x, y)
            chosen.append(number)
    return np.array(chosen, np.intp)


_AROUND = [(across, down) for across in (0, -1, 1) for down in (0, -1, 1)]


class Thumbnails:
    """The framed thumbnails, each made once."""

    def __init__(self) -> None:
        self._lookup: ImagesOf | None = None
        self._image_size: Size | None = None
        self._tiles: dict[tuple[int, int, int], Pixels] = {}

    @property
    def available(self) -> bool:
        """Whether there are images to show."""
        return self._lookup is not None

    def set_lookup(self, lookup: ImagesOf | None) -> None:
        """Set the function that returns the points' images, uint8 (n, C, H, W); None without images."""
        if lookup is not self._lookup:
            self._lookup, self._image_size = lookup, None
            self._tiles.clear()

    def factor(self, inside: npt.NDArray[np.int64], space: Size, least: int) -> int:
        """Device pixels per image pixel for these points (n,); 0 without images, or if they do not fit.

        space: height and width of the drawing, in device pixels
        """
        if self._lookup is None or not len(inside):
            return 0
        if self._image_size is None:
            height, width = self._lookup(inside[:1]).shape[-2:]
            self._image_size = height, width
        return factor_for(len(inside), space, self._image_size, least)

    def tile_size(self, factor: int) -> Size:
        """Device pixels of a thumbnail with its frame; (0, 0) before the first image is known."""
        return (0, 0) if self._image_size is None else tile_size(self._image_size, factor)

    def paste(
        self,
        drawing: Pixels,
        corners: npt.NDArray[np.intp],
        which: npt.NDArray[np.int64],
        inks: Pixels,
        factor: int,
    ) -> None:
        """Draw the thumbnails of points `which` (n,) into `drawing`, uint32 (H, W).

        corners: their upper left corners (n, 2) as (row, column); parts beyond the edge are cut off
        """
        height, width = drawing.shape
        keys = list(zip(which.tolist(), inks.tolist(), [factor] * len(which), strict=True))
        self._make(keys)
        for (top, left), key in zip(corners.tolist(), keys, strict=True):
            tile = self._tiles[key]
            up, before = max(0, -top), max(0, -left)
            down, after = min(tile.shape[0], height - top), min(tile.shape[1], width - left)
            if up < down and before < after:
                drawing[top + up : top + down, left + before : left + after] = tile[up:down, before:after]

    def _make(self, keys: list[tuple[int, int, int]]) -> None:
        if len(self._tiles) + len(keys) > _MOST_CACHED:
            self._tiles.clear()
        missing = [key for key in keys if key not in self._tiles]
        if not missing or self._lookup is None:
            return
        factor = missing[0][2]
        drawings = packed(self._lookup(np.array([key[0] for key in missing])))
        rim = factor * frame_width((drawings.shape[1], drawings.shape[2]))
        for key, inside in zip(missing, enlarged(drawings, factor), strict=True):
            self._tiles[key] = np.pad(inside, rim, constant_values=key[1])
