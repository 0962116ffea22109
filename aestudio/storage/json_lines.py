"""Reads files of one JSON value a line, line by line; lines that are none are passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from aestudio.storage.json_text import parse_json
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONGEST_LINE = 100_000

Item = TypeVar("Item")


def read_json_lines(path: Path, make: Callable[[Any], Item]) -> Iterator[Item]:
    """What `make` makes of each line's value.

    A line is passed over that is longer than 100,000 bytes, is not JSON, or for which `make` raises
    ValueError: a crash may leave a torn one. Raises OSError, StudioError for a path that is no file.
    """
    with open_file(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                _skip_line(file)
                continue
            try:
                item = make(parse_json(line))
            except ValueError:
                continue
            yield item


def _skip_line(file: BinaryIO) -> None:
    while (piece := file.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        pass
