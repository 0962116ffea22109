"""How large the images of a grid may be drawn. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def tile_scales(shape: Sequence[int], largest: int, smallest: int) -> tuple[int, ...]:
    """Whole factors for images of a shape (..., H, W), the largest first; at least one.

    largest, smallest: of the longer side of an image as drawn, in logical pixels
    """
    side = max(shape[-2:])
    most, least = max(1, largest // side), max(1, -(-smallest // side))
    return tuple(range(most, least - 1, -1)) or (most,)


def least_side(shape: Sequence[int], about: int) -> int:
    """Logical pixels of a square in which images of a shape (..., H, W) are drawn at a whole factor.

    At the factor that brings their longer side nearest to `about`, and at least `about`.
    """
    side = max(shape[-2:])
    return max(about, side * max(1, round(about / side)))
