"""Where a map is zoomed in so far that there is room, points become pictures of their digits."""

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
"""Device pixels of the frame in the class's colour, for each pixel of the digit's."""

_LARGEST = 3
_MOST_KEPT = 4000


def side_of(factor: int) -> int:
    """Device pixels across of a digit of `factor` device pixels per pixel, with its frame."""
    return factor * (SIDE + 2 * FRAME)


def factor_for(visible: int, width: int, height: int, least: int = 1) -> int:
    """Device pixels per pixel of a digit for `visible` points on a picture; 0 while there is no room.

    There is where the visible points' digits laid side by side would fill the picture at most once;
    `least` is the smallest factor that can be read, more on screens of a high resolution.
    """
    if visible <= 0:
        return 0
    most = int(np.sqrt(width * height / visible) / (SIDE + 2 * FRAME))
    return 0 if most < least else min(most, _LARGEST * least) // least * least


def free_places(
    column: npt.NDArray[np.floating], row: npt.NDArray[np.floating], side: int
) -> npt.NDArray[np.intp]:
    """Which points (n,) get a square of `side` around them, no two of which overlap: the first come first."""
    # A cell as wide as a square holds the centre of one at most, so eight neighbours are looked at.
    taken: dict[tuple[int, int], tuple[float, float]] = {}
    found = []
    for number, (x, y) in enumerate(zip(column.tolist(), row.tolist(), strict=True)):
        across, down = int(x // side), int(y // side)
        for place in _AROUND:
            other = taken.get((across + place[0], down + place[1]))
            if other is not None and abs(other[0] - x) < side and abs(other[1] - y) < side:
                break
        else:
            taken[across, down] = (x, y)
            found.append(number)
    return np.array(found, np.intp)


_AROUND = [(across, down) for across in (0, -1, 1) for down in (0, -1, 1)]


class Thumbnails:
    """The digits' pictures with their frames, each made once."""

    def __init__(self) -> None:
        self._lookup: ImagesOf | None = None
        self._tiles: dict[tuple[int, int, int], Pixels] = {}

    @property
    def available(self) -> bool:
        """Whether there are pictures to show."""
        return self._lookup is not None

    def set_lookup(self, lookup: ImagesOf | None) -> None:
        """Take the pictures from here; None where there are none."""
        if lookup is not self._lookup:
            self._lookup = lookup
            self._tiles.clear()

    def paste(
        self,
        picture: Pixels,
        corners: npt.NDArray[np.intp],
        which: npt.NDArray[np.int64],
        inks: Pixels,
        factor: int,
    ) -> None:
        """Put the digits of points `which` (n,) into a picture, upper left corners (n, 2) as (row, column).

        What hangs over the picture's edge is cut off.
        """
        side, (height, width) = side_of(factor), picture.shape
        keys = list(zip(which.tolist(), inks.tolist(), [factor] * len(which), strict=True))
        self._make(keys)
        for (top, left), key in zip(corners.tolist(), keys, strict=True):
            up, before = max(0, -top), max(0, -left)
            down, after = min(side, height - top), min(side, width - left)
            if up < down and before < after:
                tile = self._tiles[key]
                picture[top + up : top + down, left + before : left + after] = tile[up:down, before:after]

    def _make(self, keys: list[tuple[int, int, int]]) -> None:
        if len(self._tiles) + len(keys) > _MOST_KEPT:
            self._tiles.clear()
        missing = [key for key in keys if key not in self._tiles]
        if not missing or self._lookup is None:
            return
        factor, rim = missing[0][2], FRAME * missing[0][2]
        pictures = enlarged(packed(self._lookup(np.array([key[0] for key in missing]))), factor)
        for key, inside in zip(missing, pictures, strict=True):
            tile = np.full((side_of(factor),) * 2, key[1], np.uint32)
            tile[rim:-rim, rim:-rim] = inside
            self._tiles[key] = tile
