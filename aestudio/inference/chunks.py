"""Slow work in chunks: progress is reported, and the work can be cancelled, between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.progress import Progress

PART = 500
"""Images between two reports: a fraction of a second for every network here."""


def chunks(count: int, progress: Progress, what: str, size: int = PART) -> Iterator[slice]:
    """Slices that cover 0..count in order; `progress` is called before the first and after each.

    Raises what `progress` raises.
    """
    progress(0, count, what)
    for start in range(0, count, size):
        end = min(count, start + size)
        yield slice(start, end)
        progress(end, count, what)
