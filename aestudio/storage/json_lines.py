"""Reads files with one JSON value per line; invalid lines are skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from aestudio.storage.json_text import parse_json
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONGEST_LINE = 100_000
MOST_SKIPPED = 1 << 26  # bytes of one line

Item = TypeVar("Item")


def read_json_lines(
    path: Path, make: Callable[[Any], Item], wanted: Callable[[bytes], bool] | None = None
) -> Iterator[Item]:
    """The results of `make`, called with the value of each line.

    wanted: says which lines are parsed, from their bytes; None for all

    A line is skipped if it is longer than 100,000 bytes, is not JSON, or if `make` raises ValueError: a crash
    may leave a partial line. After a line of more than 64 MB, reading ends.
    Raises OSError, StudioError for a path that is no file.
    """
    with open_file(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                if not _skip_line(file):
                    return
                continue
            if wanted is not None and not wanted(line):
                continue
            try:
                item = make(parse_json(line))
            except ValueError:
                continue
            yield item


def _skip_line(file: BinaryIO) -> bool:
    """Read up to the end of a line; False if it is too long."""
    skipped = 0
    while piece := file.readline(LONGEST_LINE):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
        if skipped > MOST_SKIPPED:
            return False
    return True
