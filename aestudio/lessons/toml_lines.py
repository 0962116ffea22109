"""On which line of a TOML file something stands: tomllib reads values, and forgets where they were."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATEMENT = re.compile(r"\s*(\[|[A-Za-z0-9_\"'.-]+\s*=)")


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line, from 1 on, of what is at this place of the tables: ("steps", 3, "guess", "kind").

    Of what is not there (a missing entry) the line of the nearest table around it; None for the whole file.
    The file is parsed up to each line: what appears with a line stands in the statement that ends there.
    """
    lines = text.splitlines()
    whole = _parsed(text)
    wanted: list[str | int] = []
    for part in place:  # a part that is not in the file is passed over, as the kind of a union
        if _has(whole, [*wanted, part]):
            wanted.append(part)
    if not wanted:
        return None
    begins = 0
    for index in range(len(lines)):
        table = _parsed("\n".join(lines[: index + 1]))
        if table is None:
            continue  # within a text or an array of several lines
        if _has(table, wanted):
            return _within(lines, begins, index, wanted) + 1
        begins = index + 1
    return None


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _has(table: object, place: Sequence[str | int]) -> bool:
    for part in place:
        if isinstance(table, dict) and part in table:
            table = cast("dict[str | int, object]", table)[part]
        elif isinstance(table, list) and isinstance(part, int) and part < len(cast("list[object]", table)):
            table = cast("list[object]", table)[part]
        else:
            return False
    return True


def _within(lines: list[str], first: int, last: int, place: Sequence[str | int]) -> int:
    """The line within a statement of several lines: of entry number n of an array, the n-th with a brace."""
    while first < last and not _STATEMENT.match(lines[first]):
        first += 1  # empty lines and comments before it
    numbers = [part for part in place if isinstance(part, int)]
    entries = [index for index in range(first, last + 1) if lines[index].lstrip().startswith("{")]
    if numbers and entries and numbers[-1] < len(entries):
        return entries[numbers[-1]]
    return first
