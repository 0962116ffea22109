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

    A point may lack terms: those of phases that were not executed in its steps.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._table = np.empty((_FIRST_CAPACITY, 2))
        self._given = np.empty((_FIRST_CAPACITY, 0), np.bool_)
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
        """Values (N,) of one loss term, NaN where a point lacks it; empty for an unknown one."""
        if name not in self._names:
            return np.empty(0)
        return self._table[: self._length, 2 + self._names.index(name)]

    def curve(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Epochs (n,) and values (n,) of the points that have this term."""
        if name not in self._names:
            return np.empty(0), np.empty(0)
        given = self._given_to(self._length, name)
        values = self.term(name)
        return (self.epoch, values) if given.all() else (self.epoch[given], values[given])

    def last(self, name: str, until: int | None = None) -> float | None:
        """The newest value of a term, up to step `until` if given; None if there is none."""
        if name not in self._names:
            return None
        end = self._length if until is None else int(np.searchsorted(self.step, until, side="right"))
        given = np.flatnonzero(self._given_to(end, name))
        return float(self.term(name)[given[-1]]) if len(given) else None

    def _given_to(self, end: int, name: str) -> NDArray[np.bool_]:
        return self._given[:end, self._names.index(name)]

    def with_points(self, points: Sequence[MetricPoint]) -> Series:
        """A series with the points appended."""
        if not points:
            return self
        grown = Series()
        kinds = dict.fromkeys(tuple(point.terms) for point in points)  # one without phases
        seen = dict.fromkeys(name for terms in kinds for name in terms)
        grown._names = (*self._names, *(name for name in seen if name not in self._names))
        self._take_memory(grown, len(points))
        rows = [(point.step, point.epoch, *map(point.terms.get, grown._names)) for point in points]
        # A term that is missing is None, and as a number NaN.
        new = slice(self._length, self._length + len(points))
        grown._table[new] = np.array(rows, np.float64)
        if all(len(terms) == len(grown._names) for terms in kinds):
            grown._given[new] = True
        else:
            grown._given[new] = [[name in point.terms for name in grown._names] for point in points]
        grown._length = grown._filled[0] = self._length + len(points)
        return grown

    def until(self, step: int) -> Series:
        """The series without the points after this step, which shares the memory too."""
        length = int(np.searchsorted(self.step, step, side="right"))
        if length == self._length:
            return self
        shorter = Series()
        shorter._names, shorter._table, shorter._filled = self._names, self._table, self._filled
        shorter._given = self._given
        shorter._length, shorter._lineage = length, self._lineage
        return shorter

    def _take_memory(self, grown: Series, count: int) -> None:
        """Give the grown series this one's memory, or a copy if it is too small or has grown already."""
        needed, terms = self._length + count, len(grown._names)
        tip = self._filled[0] == self._length
        if tip:
            grown._lineage = self._lineage
        if tip and needed <= len(self._table) and terms == len(self._names):
            grown._table, grown._given, grown._filled = self._table, self._given, self._filled
            return
        capacity = max(2 * needed, _FIRST_CAPACITY)
        grown._table, grown._given = np.empty((capacity, 2 + terms)), np.empty((capacity, terms), np.bool_)
        before, known = slice(self._length), len(self._names)
        grown._table[before, : 2 + known] = self._table[before]
        grown._table[before, 2 + known :] = np.nan
        grown._given[before, :known] = self._given[before]
        grown._given[before, known:] = False
        if tip:
            self._filled[0] = _SPENT
