"""The probabilities under which rounded codes are coded, and how a file tells them.

Several are tried and the smallest file is kept: those of the model's prior take no place in the file, a
normal distribution of each number takes three bytes, a histogram more, and pays from some dozens of images
on.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.codec import integer_tables
from aestudio.codec.container import Reader, number_bytes, signed_bytes
from aestudio.codec.rounding import width_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.recipes.latent import Latent

_WIDEST = 8  # standard deviations on either side that have cells; codes beyond belong to the last one
_MOST_CELLS = 4096  # on either side of the middle
_UNIT = 20  # bits behind the point of edges: half of the narrowest difference of two widths
_SIXTEENTHS = 16  # in which a normal distribution's standard deviation is told
_LARGEST_COUNT = 255
_MOST_UNPACKED = 1 << 22  # bytes of a histogram


class CodeTables(ABC):
    """The probabilities of each number of a code. first: the lowest cell of each, (L,)"""

    scheme: ClassVar[int]
    first: NDArray[np.int64]

    @abstractmethod
    def frequencies(self, number: int) -> NDArray[np.int64]:
        """Of the cells of one number from its first on, out of 2^24: (K,)."""

    @abstractmethod
    def to_bytes(self) -> bytes:
        """What the file has to tell of them."""


@dataclass(frozen=True, eq=False)
class PriorTables(CodeTables):
    """N(0, 1) for each number, the prior of a variational model. indices: of the widths, (L,)"""

    indices: NDArray[np.uint8]
    scheme: ClassVar[int] = 0

    def __post_init__(self) -> None:
        """Raises ValueError for cells so narrow that too many of them are below the prior."""
        units = 2 * width_units(self.indices)
        reach = -(-(_WIDEST << _UNIT) // units)
        if len(reach) and reach.max() > _MOST_CELLS:
            raise ValueError("the cells are too narrow for the prior")
        object.__setattr__(self, "first", -reach)

    def frequencies(self, number: int) -> NDArray[np.int64]:
        """(K,), as CodeTables."""
        reach = -int(self.first[number])
        edges = (2 * np.arange(-reach, reach) + 1) * width_units(self.indices[number : number + 1])
        one = np.array([1 << _UNIT])
        return integer_tables.probabilities("normal", edges, 0 * one, one)[0]

    def to_bytes(self) -> bytes:
        """Nothing: the prior is the model's."""
        return b""


@dataclass(frozen=True, eq=False)
class NormalTables(CodeTables):
    """A normal distribution for each number. mean: in cells, (L,); scale: in sixteenths of a cell, (L,)"""

    mean: NDArray[np.int64]
    scale: NDArray[np.int64]
    scheme: ClassVar[int] = 1

    def __post_init__(self) -> None:
        """Raises ValueError for standard deviations that are none, or need too many cells."""
        reach = _WIDEST * self.scale // _SIXTEENTHS + 1
        if len(reach) and (self.scale.min() < 1 or reach.max() > 8 * _MOST_CELLS):
            raise ValueError("a standard deviation is impossible")
        object.__setattr__(self, "first", self.mean - reach)

    @classmethod
    def of(cls, cells: NDArray[np.int64]) -> NormalTables:
        """Fitted to the cells (N, L) of many images. Raises ValueError as the class."""
        scale = np.rint(_SIXTEENTHS * cells.std(axis=0)).astype(np.int64)
        return cls(np.rint(cells.mean(axis=0)).astype(np.int64), np.maximum(scale, _SIXTEENTHS // 4))

    def frequencies(self, number: int) -> NDArray[np.int64]:
        """(K,), as CodeTables."""
        reach = int(self.mean[number] - self.first[number])
        edges = (2 * np.arange(-reach, reach) + 1) * (_SIXTEENTHS // 2)
        scale = self.scale[number : number + 1]
        return integer_tables.probabilities("normal", edges, np.zeros(1, np.int64), scale)[0]

    def to_bytes(self) -> bytes:
        """Mean and standard deviation of each number."""
        pairs = zip(self.mean.tolist(), self.scale.tolist(), strict=True)
        return b"".join(signed_bytes(mean) + number_bytes(scale) for mean, scale in pairs)


@dataclass(frozen=True, eq=False)
class HistogramTables(CodeTables):
    """How often each cell of each number occurs. counts: 0 to 255 for the cells of a number, each (K,)"""

    first: NDArray[np.int64]
    counts: tuple[NDArray[np.uint8], ...]
    scheme: ClassVar[int] = 2

    @classmethod
    def of(cls, cells: NDArray[np.int64]) -> HistogramTables:
        """Of the cells (N, L) that are to be coded. Raises ValueError if they are too many."""
        first, last = cells.min(axis=0), cells.max(axis=0)
        if (last - first).max(initial=0) > 2 * _MOST_CELLS:
            raise ValueError("the codes lie in too many cells")
        counted = [np.bincount(column - low) for column, low in zip(cells.T, first, strict=True)]
        return cls(first, tuple(map(_as_bytes, counted)))

    def frequencies(self, number: int) -> NDArray[np.int64]:
        """(K,), as CodeTables."""
        return integer_tables.of_counts(self.counts[number].astype(np.int64)[None])[0]

    def to_bytes(self) -> bytes:
        """First cell, number of cells and their counts of each number, packed."""
        data = bytearray()
        for first, counts in zip(self.first.tolist(), self.counts, strict=True):
            data += signed_bytes(first) + number_bytes(len(counts)) + counts.tobytes()
        return zlib.compress(bytes(data), 9)


@dataclass(frozen=True, eq=False)
class EntryTables(CodeTables):
    """Entries of a codebook or categories, with the same probabilities at each place.

    counts: (choices,), 0 to 255, or None for equal probabilities
    """

    size: int
    choices: int
    counts: NDArray[np.uint8] | None
    scheme: ClassVar[int] = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", np.zeros(self.size, np.int64))

    @classmethod
    def of(cls, cells: NDArray[np.int64], choices: int) -> EntryTables:
        """How often each entry occurs among (N, L)."""
        return cls(cells.shape[1], choices, _as_bytes(np.bincount(cells.reshape(-1), minlength=choices)))

    def frequencies(self, number: int) -> NDArray[np.int64]:  # noqa: ARG002 - all are alike
        """(K,), as CodeTables."""
        if self.counts is None:
            return integer_tables.uniform(self.choices)
        return integer_tables.of_counts(self.counts.astype(np.int64)[None])[0]

    def to_bytes(self) -> bytes:
        """Nothing for equal probabilities, else the counts, packed."""
        return b"" if self.counts is None else zlib.compress(self.counts.tobytes(), 9)


def parse_tables(scheme: int, data: bytes, latent: Latent, indices: NDArray[np.uint8]) -> CodeTables:
    """The tables in a file. indices: of the widths, (L,). Raises ValueError for any fault."""
    if latent.choices:
        if scheme != EntryTables.scheme:
            raise ValueError("its codes are of another kind than the model's")
        return EntryTables(latent.size, latent.choices, _entry_counts(data, latent.choices))
    if scheme == PriorTables.scheme and not data:
        return PriorTables(indices)
    if scheme == NormalTables.scheme:
        reader = Reader(data)
        pairs = [(reader.signed(), reader.number()) for _ in range(latent.size)]
        reader.end()
        return NormalTables(*np.array(pairs, np.int64).reshape(-1, 2).T)
    if scheme == HistogramTables.scheme:
        return _histograms(_unpacked(data), latent.size)
    raise ValueError("its tables are of an unknown kind")


def _histograms(data: bytes, size: int) -> HistogramTables:
    reader = Reader(data)
    firsts: list[int] = []
    counts: list[NDArray[np.uint8]] = []
    for _ in range(size):
        firsts.append(reader.signed())
        counts.append(_checked_counts(reader.bytes(reader.number())))
    reader.end()
    return HistogramTables(np.array(firsts, np.int64), tuple(counts))


def _entry_counts(data: bytes, choices: int) -> NDArray[np.uint8] | None:
    if not data:
        return None
    counts = _checked_counts(_unpacked(data))
    if len(counts) != choices:
        raise ValueError("it has other entries than the model")
    return counts


def _checked_counts(data: bytes) -> NDArray[np.uint8]:
    counts = np.frombuffer(data, np.uint8)
    if not counts.any() or len(counts) > 2 * _MOST_CELLS + 1:
        raise ValueError("a table of frequencies is empty or too long")
    return counts


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, _MOST_UNPACKED)
    except zlib.error as error:
        raise ValueError("its tables cannot be unpacked") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("its tables are too long, or cut off")
    return unpacked


def _as_bytes(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Counts (K,) as shares of the largest, 1 to 255, and 0 for none: (K,)."""
    largest = max(int(counts.max(initial=0)), 1)
    shares = np.rint(counts * (_LARGEST_COUNT / largest))
    return np.where(counts > 0, np.maximum(shares, 1), 0).astype(np.uint8)
