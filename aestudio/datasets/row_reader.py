"""Arrays in files that are read a few rows at a time, as often as needed; their size is known before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.progress import Progress

MOST_HELD = 1 << 27  # bytes; arrays up to this size are unpacked once and held, larger ones read each time
_READING = "Reading images"


@dataclass(frozen=True, eq=False)
class Rows:
    """An array (N, ...) whose rows (index 0) are read in their order.

    where:   the file, for messages
    packed:  bytes in the file
    batches: `batches(n)` reads the array from its start, n rows at a time (the last batch may have fewer);
             raises StudioError if the file is damaged, which may be found only at the end
    whole:   reads all of it at once, if its rows do not lie one after another; otherwise None
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    where: str
    packed: int
    batches: Callable[[int], Iterator[NDArray[Any]]]
    whole: Callable[[Progress], NDArray[Any]] | None = None

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def row(self) -> int:
        """Numbers in a row."""
        return math.prod(self.shape[1:])

    @property
    def bytes(self) -> int:
        """Bytes of all of its numbers."""
        return len(self) * self.row * self.dtype.itemsize


def rows_of(array: NDArray[Any], where: str = "") -> Rows:
    """The rows of an array (N, ...) in memory."""

    def batches(count: int) -> Iterator[NDArray[Any]]:
        return (array[start : start + count] for start in range(0, len(array), count))

    return Rows(array.shape, array.dtype, where, array.nbytes, batches)


def held_bytes(parts: Sequence[Rows]) -> int:
    """Bytes of those parts that `held` keeps in memory."""
    return sum(part.bytes for part in parts if _is_held(part, parts))


def held(parts: Sequence[Rows], progress: Progress = silent) -> tuple[Rows, ...]:
    """The same parts: in memory if they are small, or cannot be read row by row."""
    return tuple(
        rows_of(array_of(part, progress), part.where) if _is_held(part, parts) else part for part in parts
    )


def array_of(rows: Rows, progress: Progress = silent) -> NDArray[Any]:
    """All rows (N, ...), read into memory that is allocated once."""
    if rows.whole is not None:
        return rows.whole(progress)
    array = np.empty(rows.shape, rows.dtype)
    start = 0
    for batch in rows.batches(rows_in(1 << 20, rows.row * rows.dtype.itemsize)):
        progress(start, len(rows), _READING)
        array[start : start + len(batch)] = batch
        start += len(batch)
    return array


def rows_in(size: int, row: int) -> int:
    """How many rows of `row` bytes (or numbers) fit into `size` bytes (or numbers), at least one."""
    return max(1, size // max(1, row))


def _is_held(part: Rows, parts: Sequence[Rows]) -> bool:
    return part.whole is not None or sum(each.bytes for each in parts) <= MOST_HELD
