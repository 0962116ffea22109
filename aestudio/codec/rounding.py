"""How finely each number of a code is rounded: the widths of its cells, as one byte each.

Cell k is the interval around k times the width. Widths are 8 to 15 eighths of powers of two from 2^-16 on, so
that every machine computes the same rounded codes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes

MOST_BITS = 16
QUALITIES = (1, 100)
_POWERS = 32
_LOWEST = -16  # the smallest width is 2^-16
_QUALITIES_PER_DOUBLING = 8
_MIDDLE = 50
# A uniform error in a cell of this width has the standard deviation of the noise: as much as the decoder of a
# variational model was trained to bear.
_NOISE_WIDTH = math.sqrt(12)
# Models without a posterior: at the middle quality an eighth of the spread of the codes.
_SHARE_OF_SPREAD = 1 / 8
_FARTHEST = 1 << 20  # cells from 0; codes beyond belong to the last one


def width_units(indices: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The widths of these indices (L,) in units of 2^-19, (L,)."""
    wide = indices.astype(np.int64)
    return (8 + wide % 8) << (wide // 8)


def widths(indices: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The widths of these indices, (L,), exactly."""
    return width_units(indices).astype(np.float64) * 2.0 ** (_LOWEST - 3)


def nearest_indices(wanted: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The indices of the widest widths that are not wider than these (L,); the narrowest for none: (L,)."""
    known = widths(np.arange(8 * _POWERS, dtype=np.uint8))
    return np.clip(np.searchsorted(known, wanted, "right") - 1, 0, len(known) - 1).astype(np.uint8)


def for_quality(reference: Codes, quality: float) -> NDArray[np.uint8]:
    """Width indices (L,) for a quality from 1 to 100; eight more halve the widths.

    At 50 rounding adds to each number as much noise as its posterior has, on average over the reference;
    codes without a posterior are rounded to an eighth of their standard deviation.
    Raises BadChoice for another quality, StudioError without codes.
    """
    require_quality(quality)
    _require_codes(reference)
    if reference.std is not None:
        middle = _NOISE_WIDTH * reference.std.astype(np.float64).mean(axis=0)
    else:
        middle = _SHARE_OF_SPREAD * reference.mean.astype(np.float64).std(axis=0)
    return nearest_indices(middle * 2.0 ** ((_MIDDLE - quality) / _QUALITIES_PER_DOUBLING))


def for_bits(reference: Codes, bits: int) -> NDArray[np.uint8]:
    """Width indices (L,) with which the reference's codes lie in about 2^bits cells of each number.

    Raises BadChoice for an invalid number of bits, StudioError without codes.
    """
    require_bits(bits)
    _require_codes(reference)
    span = reference.mean.max(axis=0).astype(np.float64) - reference.mean.min(axis=0)
    return nearest_indices(span / 2**bits)


def require_quality(quality: float) -> None:
    """Raises BadChoice for an invalid quality."""
    if not QUALITIES[0] <= quality <= QUALITIES[1]:
        raise BadChoice("quality", quality, f"number from {QUALITIES[0]} up to {QUALITIES[1]}")


def require_bits(bits: int) -> None:
    """Raises BadChoice for an invalid number of bits."""
    if not 1 <= bits <= MOST_BITS:
        raise BadChoice("bits per number", bits, f"whole number from 1 up to {MOST_BITS}")


def to_cells(codes: NDArray[np.float32], indices: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Codes (N, L) -> the cells that they lie in, (N, L)."""
    cells = np.rint(codes.astype(np.float64) / widths(indices))
    return np.clip(cells, -_FARTHEST, _FARTHEST).astype(np.int64)


def to_codes(cells: NDArray[np.int64], indices: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Cells (N, L) -> codes float32 (N, L) in their middle."""
    return (cells * widths(indices)).astype(np.float32)


def _require_codes(reference: Codes) -> None:
    if not len(reference):
        raise StudioError("There is no code to measure the range of", advice="Encode some images first.")
