"""Metric points as growing columns; a grown series shares memory with the one it grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.training.events import MetricPoint

_FIRST_CAPACITY = 256
_SPENT = -1  # a second series that grows from here is copied and gets another lineage


class Series:
    """Steps, epochs and loss terms of one split, in order of time.

    Immutable for its readers: `with_points` returns a new series. That one appends in place to the shared
    memory, after the part that older series read, so that a million points need no copies.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._table = np.empty((_FIRST_CAPACITY, 2))
        self._filled = [0]
        self._length = 0
        self._lineage = object()

    def __len__(self) -> int:
        return self._length

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the loss terms."""
        return self._names

    @property
    def lineage(self) -> object:
        """Of two series of one lineage, the longer one begins with the points of the shorter one."""
        return self._lineage

    @property
    def step(self) -> NDArray[np.float64]:
        """Steps (N,)."""
        return self._table[: self._length, 0]

    @property
    def epoch(self) -> NDArray[np.float64]:
        """Epochs with fractions (N,)."""
        return self._table[: self._length, 1]

    def term(self, name: str) -> NDArray[np.float64]:
        """Values (N,) of one loss term; empty for an unknown one."""
        if name not in self._names:
            return np.empty(0)
        return self._table[: self._length, 2 + self._names.index(name)]

    def last(self, name: str, until: int | None = None) -> float | None:
        """The newest value of a term, up to step `until` if given; None if there is none."""
        values = self.term(name)
        if until is not None and len(values):
            values = values[: np.searchsorted(self.step, until, side="right")]
        return float(values[-1]) if len(values) else None

    def with_points(self, points: Sequence[MetricPoint]) -> Series:
        """A series with the points appended."""
        if not points:
            return self
        grown = Series()
        grown._names = self._names or tuple(points[0].terms)
        self._take_memory(grown, len(points))
        rows = [(point.step, point.epoch, *map(point.terms.get, grown._names)) for point in points]
        # A term that is missing is None, and as a number NaN.
        grown._table[self._length : self._length + len(points)] = np.array(rows, np.float64)
        grown._length = grown._filled[0] = self._length + len(points)
        return grown

    def until(self, step: int) -> Series:
        """The series without the points after this step, which shares the memory too."""
        length = int(np.searchsorted(self.step, step, side="right"))
        if length == self._length:
            return self
        shorter = Series()
        shorter._names, shorter._table, shorter._filled = self._names, self._table, self._filled
        shorter._length, shorter._lineage = length, self._lineage
        return shorter

    def _take_memory(self, grown: Series, count: int) -> None:
        """Give the grown series this one's memory, or a copy if it is too small or has grown already."""
        needed, columns = self._length + count, 2 + len(grown._names)
        tip = self._filled[0] == self._length and self._table.shape[1] == columns
        if tip:
            grown._lineage = self._lineage
        if tip and needed <= len(self._table):
            grown._table, grown._filled = self._table, self._filled
            return
        grown._table = np.empty((max(2 * needed, _FIRST_CAPACITY), columns))
        if self._length:
            grown._table[: self._length] = self._table[: self._length]
        if tip:
            self._filled[0] = _SPENT
