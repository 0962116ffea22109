"""Draws points as thumbnails of their images if the map is zoomed in far enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE
from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    import numpy.typing as npt

    from aestudio.gui.plots.map_layers import ImagesOf
    from aestudio.gui.plots.raster import Pixels

FRAME = 2
"""Width of the frame in the class's colour, in pixels of the image."""

_LARGEST = 3
_MOST_CACHED = 4000


def side_of(factor: int) -> int:
    """Device pixels of a thumbnail's side at `factor` device pixels per image pixel, with its frame."""
    return factor * (SIDE + 2 * FRAME)


def factor_for(visible: int, width: int, height: int, least: int = 1) -> int:
    """Device pixels per image pixel for `visible` points; 0 if thumbnails do not fit.

    They fit if the visible points' thumbnails, laid side by side, fill the drawing at most once. `least` is
    the smallest readable factor, larger on screens of a high resolution.
    """
    if visible <= 0:
        return 0
    most = int(np.sqrt(width * height / visible) / (SIDE + 2 * FRAME))
    return 0 if most < least else min(most, _LARGEST * least) // least * least


def non_overlapping(
    column: npt.NDArray[np.floating], row: npt.NDArray[np.floating], side: int
) -> npt.NDArray[np.intp]:
    """Indices of the points (n,) whose squares of `side` do not overlap an earlier point's square."""
    # A cell as wide as a square holds at most one centre, so it is enough to check eight neighbours.
    taken: dict[tuple[int, int], tuple[float, float]] = {}
    chosen = []
    for number, (x, y) in enumerate(zip(column.tolist(), row.tolist(), strict=True)):
        across, down = int(x // side), int(y // side)
        for offset in _AROUND:
            other = taken.get((across + offset[0], down + offset[1]))
            if other is not None and abs(other[0] - x) < side and abs(other[1] - y) < side:
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
        self._tiles: dict[tuple[int, int, int], Pixels] = {}

    @property
    def available(self) -> bool:
        """Whether there are images to show."""
        return self._lookup is not None

    def set_lookup(self, lookup: ImagesOf | None) -> None:
        """Set the function that returns the points' images, uint8 (n, 28, 28); None without images."""
        if lookup is not self._lookup:
            self._lookup = lookup
            self._tiles.clear()

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
        side, (height, width) = side_of(factor), drawing.shape
        keys = list(zip(which.tolist(), inks.tolist(), [factor] * len(which), strict=True))
        self._make(keys)
        for (top, left), key in zip(corners.tolist(), keys, strict=True):
            up, before = max(0, -top), max(0, -left)
            down, after = min(side, height - top), min(side, width - left)
            if up < down and before < after:
                tile = self._tiles[key]
                drawing[top + up : top + down, left + before : left + after] = tile[up:down, before:after]

    def _make(self, keys: list[tuple[int, int, int]]) -> None:
        if len(self._tiles) + len(keys) > _MOST_CACHED:
            self._tiles.clear()
        missing = [key for key in keys if key not in self._tiles]
        if not missing or self._lookup is None:
            return
        factor, rim = missing[0][2], FRAME * missing[0][2]
        drawings = enlarged(packed(self._lookup(np.array([key[0] for key in missing]))), factor)
        for key, inside in zip(missing, drawings, strict=True):
            tile = np.full((side_of(factor),) * 2, key[1], np.uint32)
            tile[rim:-rim, rim:-rim] = inside
            self._tiles[key] = tile
