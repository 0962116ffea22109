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
_CLEAR = 0.15  # of the range of greys: so far from its middle is that of the page
_UNEVEN = 40  # of 255, between the darkest and the lightest part of the paper
_NOISE = 6.0  # standard deviations of the paper's grain, above which there may be ink
_FAINTEST = 20.0  # of 255


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink of a page.

    amount:   float32 (H, W), how much darker than the paper around it, 0 to 255
    present:  bool (H, W), which pixels are ink
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
    if inverted is None:
        inverted = _dark_on_light(grey)
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


def _dark_on_light(grey: NDArray[np.float32]) -> bool:
    """Whether most of a page is light; where that is not clear, because of shadows, which way ink differs."""
    low, middle, high = np.percentile(grey, (1, 50, 99))
    share = float((middle - low) / max(high - low, 1))
    if abs(share - 0.5) > _CLEAR:
        return share > 0.5
    side = max(_SMALLEST_TILE, -(-max(grey.shape) // _TILES))
    down, across = _ends(grey.shape[0], side), _ends(grey.shape[1], side)
    tiles = _of_tiles(grey, down, across, 50)
    residual = grey - _between_tiles(_between_tiles(tiles, down), across, 1)
    return float(np.mean(residual**3)) < 0


def _of_tiles(
    grey: NDArray[np.float32], down: NDArray[np.int64], across: NDArray[np.int64], percentile: float
) -> NDArray[np.float32]:
    """A percentile of the greys of each tile (rows, columns)."""
    bands = _parts(grey, down, 0)
    return np.array(
        [[np.percentile(part, percentile) for part in _parts(band, across, 1)] for band in bands], np.float32
    )


def _paper_of(grey: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The brightness of the paper (H, W), and that of each tile (rows, columns).

    Closing (the maximum, then the minimum of neighbours) takes away what is dark over few tiles, and keeps a
    slope as it is: Serra, Image Analysis and Mathematical Morphology (1982).
    """
    from scipy import ndimage

    side = max(_SMALLEST_TILE, -(-max(grey.shape) // _TILES))
    down, across = _ends(grey.shape[0], side), _ends(grey.shape[1], side)
    tiles = _of_tiles(grey, down, across, _PAPER)
    wider = np.pad(tiles, _CLOSED, "reflect", reflect_type="odd")  # a slope goes on beyond the page
    closed = ndimage.grey_closing(wider, size=_CLOSED, mode="nearest")
    tiles = np.asarray(closed[_CLOSED:-_CLOSED, _CLOSED:-_CLOSED], np.float32)
    return _between_tiles(_between_tiles(tiles, down), across, 1), tiles


def _ends(length: int, side: int) -> NDArray[np.int64]:
    """Where tiles of about this side begin and end along a length."""
    return np.linspace(0, length, max(1, round(length / side)) + 1).round().astype(np.int64)


def _parts(grey: NDArray[np.float32], ends: NDArray[np.int64], axis: int) -> list[NDArray[np.float32]]:
    return np.split(grey, ends[1:-1].tolist(), axis)


def _between_tiles(tiles: NDArray[np.float32], ends: NDArray[np.int64], axis: int = 0) -> NDArray[np.float32]:
    """A value for each pixel along an axis: straight from the middle of a tile to that of the next."""
    middles = (ends[:-1] + ends[1:] - 1) / 2
    pixels = np.arange(int(ends[-1]))
    at = np.clip(np.searchsorted(middles, pixels) - 1, 0, max(len(middles) - 2, 0))
    next_one = np.minimum(at + 1, len(middles) - 1)
    span = np.maximum(middles[next_one] - middles[at], 1)
    share = np.clip((pixels - middles[at]) / span, 0, 1).astype(np.float32)
    share = share[:, None] if axis == 0 else share
    before, after = np.take(tiles, at, axis), np.take(tiles, next_one, axis)
    return (before * (1 - share) + after * share).astype(np.float32)


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
