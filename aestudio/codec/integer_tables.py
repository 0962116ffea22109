"""Probabilities as whole numbers out of 2^24, made by whole-number arithmetic from fixed tables.

An entropy coder decodes only what was coded under exactly the same probabilities. The last bit of a float
differs from machine to machine and from one version of torch to the next, so probabilities are computed here
from whole numbers alone: from the standard normal and the logistic distribution, tabulated once in steps of
1/256 and rounded to 2^-32 (no entry is nearer to the middle of two roundings than 1e-5 of that, and a double
is wrong by 2e-6 of it: every machine has the same tables; `tests/codec/test_integer_tables.py`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRECISION = 24
TOTAL = 1 << PRECISION
"""Every table of probabilities sums to it, and none is zero."""

_FRACTION = 16  # bits behind the point of the argument of a distribution function
_STEP = 8  # the tables have an entry each 2^-8
_FINE = 32  # bits of the tabulated values
_LIMITS = {"normal": 8, "logistic": 32}  # beyond them the distribution functions are taken as 0 and 1
LOGIT_STEP = 128  # logits of binary pixels are rounded to 1/128: costs 2.5e-6 nats a pixel at most


def _half(name: str) -> NDArray[np.float64]:
    """The distribution function from its limit to 0 in steps of 2^-8: (M,)."""
    from scipy.special import expit, ndtr

    points = np.arange(-_LIMITS[name] << _STEP, 1) / 2.0**_STEP
    return (ndtr if name == "normal" else expit)(points)


@cache
def distribution(name: str) -> NDArray[np.int64]:
    """The distribution function from limit to limit in steps of 2^-8, as whole numbers out of 2^32: (K,).

    name: "normal" or "logistic"
    """
    lower = np.rint(_half(name) * 2.0**_FINE).astype(np.int64)
    table = np.concatenate([lower, (1 << _FINE) - lower[-2::-1]])
    table.setflags(write=False)
    return table


def cumulative(name: str, argument: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distribution function out of 2^32, of arguments in units of 2^-16: same shape.

    Between two entries of its table it is a straight line.
    """
    table, limit = distribution(name), _LIMITS[name] << _FRACTION
    shifted = np.clip(argument, -limit, limit) + limit
    index = np.minimum(shifted >> (_FRACTION - _STEP), len(table) - 2)
    rest = shifted - (index << (_FRACTION - _STEP))
    return table[index] + ((table[index + 1] - table[index]) * rest >> (_FRACTION - _STEP))


def probabilities(
    name: str, edges: NDArray[np.int64], mean: NDArray[np.int64], scale: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The probability of each cell between neighbouring edges, out of 2^24: (N, K).

    All in the same whole-number unit: edges (K - 1,) or (N, K - 1), ascending; mean and scale (N,), scale at
    least 1. The first and the last cell have all that is beyond them. Each cell has at least 1.
    """
    argument = ((edges - mean[:, None]) << _FRACTION) // scale[:, None]
    inner = cumulative(name, argument)
    cells = inner.shape[1] + 1
    # Shares of what is left when each cell has its 1. Boundaries that are rounded down keep order and sum.
    bounds = np.zeros((len(mean), cells + 1), np.int64)
    bounds[:, 1:-1] = (inner >> (_FINE - PRECISION)) * (TOTAL - cells) >> PRECISION
    bounds[:, -1] = TOTAL - cells
    return np.diff(bounds, axis=1) + 1


def of_counts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Probabilities in proportion to counts (N, K), none negative, each row with a sum below 2^32: (N, K).

    Raises ValueError for a row of zeros.
    """
    total = counts.sum(axis=1, keepdims=True)
    if not (total > 0).all():
        raise ValueError("a table of frequencies is empty")
    cells = counts.shape[1]
    upper = np.cumsum(counts, axis=1) * (TOTAL - cells) // total
    return np.diff(upper, axis=1, prepend=0) + 1


def uniform(choices: int) -> NDArray[np.int64]:
    """Equal probabilities of `choices` values, as nearly as they sum to 2^24: (choices,)."""
    return of_counts(np.ones((1, choices), np.int64))[0]


@cache
def _ink_table() -> NDArray[np.int64]:
    """The probability of ink out of 2^24 at logits from -20 to 20 in steps of 1/128: (5121,)."""
    steps = 20 * LOGIT_STEP
    argument = (np.arange(-steps, steps + 1) << _FRACTION) // LOGIT_STEP
    return np.clip(cumulative("logistic", argument) >> (_FINE - PRECISION), 1, TOTAL - 1)


def of_binary(logits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Logits (N,) in units of 1/128 -> the probabilities of paper and ink, (N, 2)."""
    table = _ink_table()
    middle = len(table) // 2
    ink = table[np.clip(logits, -middle, middle) + middle]
    return np.stack([TOTAL - ink, ink], axis=1)


def ideal_bits(frequencies: NDArray[np.int64], symbols: NDArray[np.int64]) -> float:
    """-log2 of the probability of symbols (N,) under tables (N, K): the bits that an ideal coder needs."""
    taken = np.take_along_axis(frequencies, symbols[:, None], axis=1)
    return float(PRECISION * len(symbols) - np.log2(taken.astype(np.float64)).sum())
