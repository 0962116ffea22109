"""Slow work in chunks: between two of them progress is reported and the work can be cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.progress import Progress

CHUNK = 500
"""Images in one chunk: a fraction of a second for every network here."""


def chunks(count: int, progress: Progress, what: str, size: int = CHUNK) -> Iterator[slice]:
    """Slices that cover 0..count - 1 in order, each of at most `size` items.

    `progress` is called with `what` before the first slice and after each. Raises what `progress` raises.
    """
    progress(0, count, what)
    for start in range(0, count, size):
        end = min(count, start + size)
        yield slice(start, end)
        progress(end, count, what)
