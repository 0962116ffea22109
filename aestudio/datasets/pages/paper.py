"""Ink on paper whose brightness varies: shadows and gradients are taken away before anything is cut out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TILES = 24  # along the longer side
_SMALLEST_TILE = 8  # pixels
_PAPER = 80  # per cent: of a tile that is mostly paper this is paper, though strokes cross it
_CLOSED = 7  # tiles: what is darker over fewer of them is ink, and no shadow
_UNEVEN = 40  # of 255, between the darkest and the lightest part of the paper
_NOISE = 6.0  # standard deviations of the paper's grain, above which there may be ink
_FAINTEST = 20.0  # of 255


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink of a page.

    amount:   float32 (H, W), how much darker than the paper around it, 0 to 255
    present:  bool (H, W), where there is ink
    inverted: whether the page is dark on light
    uneven:   whether its paper is darker in one part than in another
    """

    amount: NDArray[np.float32]
    present: NDArray[np.bool_]
    inverted: bool
    uneven: bool


def ink_of(page: NDArray[np.uint8], inverted: bool | None = None) -> Ink:
    """The ink of a page in grey (H, W); inverted: whether it is dark on light, None to decide by the page."""
    grey = page.astype(np.float32)
    if inverted is None:  # most of a page is paper
        low, high = np.percentile(grey, (1, 99))
        inverted = bool(np.median(grey) > (low + high) / 2)
    if not inverted:
        grey = 255 - grey
    paper, tiles = _paper_of(grey)
    difference = paper - grey
    grain = 1.4826 * float(np.median(np.abs(difference - np.median(difference))))
    amount = np.clip(difference, 0, 255)
    least = max(_FAINTEST, _NOISE * grain)
    present = amount > max(_between(amount), least)
    uneven = float(tiles.max() - tiles.min()) > _UNEVEN
    return Ink(amount, present, inverted, uneven)


def _paper_of(grey: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The brightness of the paper (H, W), and that of each tile (rows, columns).

    Closing (the maximum, then the minimum of neighbours) takes away what is dark over few tiles, and keeps a
    slope as it is: Serra, Image Analysis and Mathematical Morphology (1982).
    """
    from scipy import ndimage

    side = max(_SMALLEST_TILE, -(-max(grey.shape) // _TILES))
    rows, columns = (max(1, round(length / side)) for length in grey.shape)
    ends = [np.linspace(0, length, count + 1).round().astype(int) for length, count in zip(grey.shape, (rows, columns), strict=True)]
    tiles = np.array(
        [
            [np.percentile(grey[top:bottom, left:right], _PAPER) for left, right in zip(ends[1][:-1], ends[1][1:], strict=True)]
            for top, bottom in zip(ends[0][:-1], ends[0][1:], strict=True)
        ],
        np.float32,
    )
    tiles = ndimage.grey_closing(tiles, size=_CLOSED, mode="nearest")
    middles = [(bounds[:-1] + bounds[1:] - 1) / 2 for bounds in ends]
    across = np.stack([np.interp(np.arange(grey.shape[1]), middles[1], row) for row in tiles])
    down = np.arange(grey.shape[0])
    above = np.clip(np.searchsorted(middles[0], down, side="right") - 1, 0, max(rows - 2, 0))
    below = np.minimum(above + 1, rows - 1)
    span = np.maximum(middles[0][below] - middles[0][above], 1e-6)
    share = np.clip((down - middles[0][above]) / span, 0, 1)[:, None]
    paper = across[above] * (1 - share) + across[below] * share
    return paper.astype(np.float32), tiles


def _between(amount: NDArray[np.float32]) -> float:
    """The amount between paper and ink, with the greatest variance between the two.

    Otsu, A threshold selection method from gray-level histograms (1979).
    """
    counts = np.bincount(amount.astype(np.uint8).reshape(-1), minlength=256).astype(np.float64)
    levels = np.arange(256)
    below, weight = np.cumsum(counts), np.cumsum(counts * levels)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = weight / below - (weight[-1] - weight) / above
        variance = np.nan_to_num(below * above * apart**2)
    return float(variance.argmax())
