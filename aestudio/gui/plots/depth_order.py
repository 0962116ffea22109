"""The points of a map that is turned, from far to near: near ones are larger and have their whole colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.plots.point_colours import mixed
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    import numpy.typing as npt

    from aestudio.gui.plots.raster import Pixels

BANDS = 6
"""Bands of depth, each with its own strength of colour; two of each size."""
_PALEST = 0.72  # of the panel's colour in the farthest band
_STEPS = 252  # of depth, each drawn over the one before: a multiple of the bands that a byte can hold


class DepthOrder:
    """Keeps the colours of each band, because only their order changes while the map turns."""

    def __init__(self) -> None:
        self._made: tuple[Pixels, str, Pixels] | None = None  # of which colours and panel

    def sorted(
        self, depth: npt.NDArray[np.float32], colours: Pixels, dot: int
    ) -> tuple[npt.NDArray[np.intp], Pixels, tuple[tuple[slice, int], ...]]:
        """Points (N,) by depth from -1, far, to 1, near: their order, colours in it, and parts by size.

        dot: diameter of the middle ones; the parts are for `rasterise`
        """
        steps = np.clip((depth + np.float32(1)) * np.float32(_STEPS / 2), 0, _STEPS - 1).astype(np.uint8)
        order = np.argsort(steps, kind="stable")  # of bytes a single pass
        ends = np.bincount(steps, minlength=_STEPS).cumsum()[_STEPS // BANDS - 1 :: _STEPS // BANDS]
        edges = [0, *ends.tolist()]
        table, inks = self._bands(colours), np.empty(len(order), np.uint32)
        for band in range(BANDS):
            part = slice(edges[band], edges[band + 1])
            np.take(table[band], order[part], out=inks[part])
        third = BANDS // 3
        sizes = (max(1, dot - 1), dot, dot + 1)
        parts = tuple(
            (slice(edges[number * third], edges[(number + 1) * third]), size)
            for number, size in enumerate(sizes)
        )
        return order, inks, parts

    def _bands(self, colours: Pixels) -> Pixels:
        """The colours (N,) in each band, (BANDS, N)."""
        panel = current_theme().panel
        if self._made is None or self._made[0] is not colours or self._made[1] != panel:
            shares = _PALEST * (1 - np.arange(BANDS) / (BANDS - 1))
            made = np.stack([mixed(colours, panel, float(share)) for share in shares])
            self._made = colours, panel, made
        return self._made[2]
