"""Which numbers of a set of images were meant as black and as white."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError

if TYPE_CHECKING:
    import numpy as np

    from aestudio.datasets.reading import Reading

_ROUNDING = 1e-3  # of floats: someone's interpolation
_USUAL = (1.0, 3.0, 7.0, 15.0, 16.0, 100.0)
"""The greatest number of images with 1 to 4 bits, of scikit-learn's digits and of per cents."""


@dataclass(frozen=True)
class Numbers:
    """The type of the numbers of all images, the least and the greatest of them."""

    dtype: np.dtype[Any]
    low: float
    high: float


def range_of(numbers: Numbers, where: str, reading: Reading) -> tuple[float, float]:
    """The numbers that are black and white; raises StudioError if they cannot be distinguished."""
    low, high = numbers.low, numbers.high
    if reading.rules == 1:
        return _by_first_rules(numbers, where)
    if reading.values == "bytes":
        return 0.0, 255.0
    if reading.values == "own":
        return _own(numbers, where)
    if numbers.dtype.kind == "i" and numbers.dtype.itemsize == 1 and low < 0:
        return -128.0, 127.0
    slack = _ROUNDING if numbers.dtype.kind == "f" else 0.0
    if low < -slack:
        tanh = numbers.dtype.kind == "f" and abs(low + 1) <= 0.01 and 0 < high <= 1 + slack
        return (-1.0, 1.0) if tanh else _own(numbers, where)
    if high <= 1 + slack:
        return 0.0, 1.0
    if high in _USUAL:
        return 0.0, high
    if high < 16:
        return (0.0, 16.0) if numbers.dtype.kind != "f" else _own(numbers, where)
    # More than a byte: cameras and scanners use 10 to 16 bits, and often not all of them.
    return (0.0, 255.0) if high <= 255 + slack else (0.0, high)


def _own(numbers: Numbers, where: str) -> tuple[float, float]:
    """From the least number, or 0 if none is below, to the greatest."""
    low = min(numbers.low, 0.0)
    if (numbers.low == numbers.high and low < 0) or numbers.high <= low:
        raise _no_range(numbers, where)
    return low, numbers.high


def _by_first_rules(numbers: Numbers, where: str) -> tuple[float, float]:
    low, high, is_float = numbers.low, numbers.high, numbers.dtype.kind == "f"
    slack = _ROUNDING if is_float else 0.0
    if low >= -slack:
        whole = () if is_float else (16.0, 255.0, 4095.0, 65535.0)
        tops = (1.0, *whole) if whole or high <= 2 else (255.0,)
        for top in tops:
            if high <= top + slack:
                return 0.0, top
    elif low >= -1 - slack and high <= 1 + slack and is_float:
        return -1.0, 1.0
    raise _no_range(numbers, where)


def _no_range(numbers: Numbers, where: str) -> StudioError:
    return StudioError(
        f"Pixels range from {numbers.low:g} to {numbers.high:g}, so black and white cannot be distinguished",
        where=where,
        advice="Allowed: 0 to 255, 0 to 1, or -1 to 1.",
    )
