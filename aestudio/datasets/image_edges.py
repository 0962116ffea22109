"""What is at the edges of images: a frame around the paper, or paper that is darker at one side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST = 0.85  # of a ring of pixels
_DEEP = 7  # of the smaller side a frame takes less than this part, at each end
_DARK, _LIGHT = 64, 191  # of 255
_USUAL, _SOME = 0.5, 0.02  # shares of the images that have frames
_SHADOW, _SHADED = 50, 0.2  # of 255, between the dark and the light sides; a share of the images
_SMALLEST = 8  # pixels of a side


def edges_of(images: NDArray[Any]) -> NDArray[Any]:
    """What the edges of images (n, H, W) hold, (n, 4), in their own numbers.

    Of the border what 85 % of its pixels are above, and below; the same of the ring that is further inside
    than a frame. Where the corners inside are as the border is, so is the ring.
    """
    low, high = _most_of(_ring(images, 0))
    edges = np.stack([low, high, low, high], axis=1)
    side = min(images.shape[1:])
    if side < _SMALLEST:
        return edges
    at = side // _DEEP
    corners = np.stack([images[:, row, column] for row in (at, -1 - at) for column in (at, -1 - at)], axis=1)
    chosen = np.flatnonzero((corners.min(axis=1) > high) | (corners.max(axis=1) < low))
    if len(chosen):
        edges[chosen, 2], edges[chosen, 3] = _most_of(_ring(images[chosen], at))
    return edges


def background_levels(
    levels: NDArray[np.floating], edges: NDArray[np.integer]
) -> tuple[NDArray[np.floating], tuple[str, ...]]:
    """The levels of the backgrounds (n,), and notes: of the paper inside where images have frames.

    levels: of the borders (n,); edges: from `edges_of` (n, 4), both 0 to 255

    A few that look framed may be filled shapes: they are named, and keep the levels of their borders.
    """
    low, high, light, dark = edges.T
    on_paper, on_black = (high < _DARK) & (light > _LIGHT), (low > _LIGHT) & (dark < _DARK)
    framed = on_paper | on_black
    count, share = int(framed.sum()), float(framed.mean()) if len(framed) else 0.0
    notes: tuple[str, ...] = ()
    if share >= _USUAL:
        levels = np.where(on_paper, 255.0, np.where(on_black, 0.0, levels))
        notes = (f"{count:,} of them have a frame: what is inside it was taken for the background.",)
    elif share >= _SOME:
        notes = (f"{count:,} of them seem to have a frame, whose grey was taken for the background.",)
    shaded = (low > _DARK) & (high.astype(np.int64) - low > _SHADOW) & ~framed
    if len(shaded) and float(shaded.mean()) >= _SHADED:
        notes += (
            f"The background of {np.count_nonzero(shaded):,} of them is uneven, as of paper with a shadow, "
            "which is learnt as if it were ink.",
        )
    return levels, notes


def _ring(images: NDArray[Any], at: int) -> NDArray[Any]:
    """The pixels (n, count) that are this far inside the border of images (n, H, W)."""
    height, width = images.shape[1:]
    inner = images[:, at : height - at, at : width - at]
    return np.concatenate((inner[:, 0], inner[:, -1], inner[:, 1:-1, 0], inner[:, 1:-1, -1]), axis=1)


def _most_of(ring: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """What most of the pixels (n, count) are above, and what most are below, (n,) each."""
    count = ring.shape[1]
    first = round((1 - _MOST) * (count - 1))
    ordered = np.partition(ring, (first, count - 1 - first), axis=1)
    return ordered[:, first], ordered[:, count - 1 - first]
