"""Codes of a model that rounds them itself: each group of numbers under what the model expects of it.

The model says how wide a cell is and how likely (`ObjectiveModule.expected_numbers`), for each group of
numbers given those before. It is asked in double precision, for as many images at a time as everywhere, and
its scales are rounded to an eighth of a doubling before they choose one of a few tables of whole-number
probabilities: last bits, in which machines differ, do not matter (as for lossless files, `bits_back`). Means
move the cells and no probability, so that an error in their last bits is one of the code's.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aestudio.codec import integer_tables
from aestudio.codec.stack import Stack, from_bytes, to_bytes
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from aestudio.inference.frozen_model import Codes
    from aestudio.training.events import Snapshot
    from aestudio.types import CodeArray

FINENESSES = 256  # that a file can tell, in a byte
_TOGETHER = 256  # images that the model is asked about at a time
_UNIT = 1024  # of a width, in which scales are whole numbers
_REACH = 512  # cells on either side of the expected one
_EIGHTHS = 8  # of a doubling, to which scales are rounded
_SMALLEST, _LARGEST = -6 * _EIGHTHS, 6 * _EIGHTHS  # of a scale, as its logarithm


class LearnedRounding:
    """Rounds and codes with one snapshot. Not shared between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        from aestudio.training.model import build_model, load_weights

        self._model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self._model, snapshot.weights)
        self._model.double()
        self.groups = self._model.objective.rounded_groups()

    def encode(self, codes: CodeArray, fineness: int) -> bytes:
        """The coded numbers of codes (N, L). fineness: 0 to 255

        Raises StudioError if the model expects no numbers.
        """
        stack = Stack()
        pushed: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        # The reader takes group after group of all images, and what is taken first is pushed last.
        known = np.empty((len(codes), 0))
        for own in np.split(codes.astype(np.float64), np.cumsum(self.groups)[:-1], axis=1):
            mean, kind, width = self._expected(known, fineness)
            cells = np.clip(np.rint((own - mean) / width), -_REACH, _REACH).astype(np.int64)
            pushed.append((cells.reshape(-1) + _REACH, kind.reshape(-1)))
            known = np.concatenate([known, mean + cells * width], 1)
        for symbols, kind in reversed(pushed):
            for each in reversed(_runs(kind)):
                stack.push_alike(symbols[each], _table(int(kind[each[0]])))
        return to_bytes(stack.words())

    def decode(self, coded: bytes, count: int, fineness: int) -> CodeArray:
        """The codes float32 (count, L) of coded numbers; raises ValueError if they are damaged."""
        stack = Stack(from_bytes(coded))
        known = np.empty((count, 0))
        for _ in self.groups:
            mean, kind, width = self._expected(known, fineness)
            flat = kind.reshape(-1)
            symbols = np.empty(len(flat), np.int64)
            for each in _runs(flat):
                symbols[each] = stack.pop_alike(len(each), _table(int(flat[each[0]])))
            cells = symbols.reshape(mean.shape) - _REACH
            known = np.concatenate([known, mean + cells * width], 1)
        if stack.bits > 0:
            raise ValueError("something follows its last code")
        return known.astype(np.float32)

    def first_widths(self, fineness: int) -> NDArray[np.float64]:
        """The widths of the cells of the first group of numbers, (n,)."""
        return self._expected(np.empty((1, 0)), fineness)[2][0]

    def _expected(
        self, known: NDArray[np.float64], fineness: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
        """Means, the logarithms of scales in eighths of a doubling, and widths of the next group: (N, n)."""
        import torch

        parts: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]] = []
        with torch.inference_mode():
            for start in range(0, max(len(known), 1), _TOGETHER):
                given = torch.tensor(known[start : start + _TOGETHER])
                told = torch.full((len(given), 1), fineness / (FINENESSES - 1), dtype=torch.float64)
                expected = self._model.objective.expected_numbers(given, told)
                mean, scale, width = (_finite(part) for part in expected)
                kind = np.rint(_EIGHTHS * np.log2(scale / width))
                parts.append((mean, np.clip(kind, _SMALLEST, _LARGEST).astype(np.int64), width))
        mean, kind, width = (np.concatenate(each) for each in zip(*parts, strict=True))
        return mean, kind, width


def fineness_of(quality: float) -> int:
    """Quality from 1 to 100 -> fineness from 0 to 255."""
    return round((quality - 1) / 99 * (FINENESSES - 1))


def quality_for_bits(rounding: LearnedRounding, reference: Codes, bits: int) -> float:
    """The quality from 1 to 100 with about 2^bits cells in the range of the first group of the codes.

    reference: codes of many images
    """
    first = reference.mean[:, : rounding.groups[0]].astype(np.float64)
    span = np.log2(np.maximum(first.max(axis=0) - first.min(axis=0), 2.0**-bits))

    def too_few(fineness: int) -> bool:
        width = rounding.first_widths(fineness)
        return float((span - np.log2(width)).mean()) < bits

    low, high = 0, FINENESSES - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if too_few(middle) else (low, middle)
    return 1 + 99 * low / (FINENESSES - 1)


@cache
def _table(kind: int) -> NDArray[np.int64]:
    """Probabilities out of 2^24 of the cells on both sides of the mean: (2 REACH + 1,)."""
    edges = (2 * np.arange(-_REACH, _REACH) + 1) * (_UNIT // 2)
    scale = np.array([round(_UNIT * 2.0 ** (kind / _EIGHTHS))])
    table = integer_tables.probabilities("logistic", edges, np.zeros(1, np.int64), scale)[0]
    table.setflags(write=False)
    return table


def _runs(kinds: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The places (M,) of each kind among kinds (N,), in order of the kinds."""
    order = np.argsort(kinds, kind="stable")
    bounds = np.flatnonzero(np.diff(kinds[order])) + 1
    return [part for part in np.split(order, bounds) if len(part)]


def _finite(values: Tensor) -> NDArray[np.float64]:
    numbers = values.numpy()
    if not np.isfinite(numbers).all():
        raise StudioError(
            "The model gives no probabilities: its numbers grow beyond what can be computed with",
            advice="Choose weights from before they grew so large.",
        )
    return numbers
