"""Which ticks of an axis get their numbers, so that none is written over another."""

from __future__ import annotations

from itertools import pairwise


def labelled_ticks(centres: list[float], widths: list[int], gap: float) -> int:
    """The smallest n for which the texts of every n-th tick are at least `gap` apart, in logical pixels."""

    def apart(every: int) -> bool:
        edges = [(at - width / 2, at + width / 2) for at, width in zip(centres, widths, strict=True)][::every]
        return all(right[0] - left[1] >= gap for left, right in pairwise(edges))

    return next(every for every in range(1, len(centres) + 2) if apart(every))
