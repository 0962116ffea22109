"""Names of several runs that can be told apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.runs.run_rows import RunRow


def distinct_names(rows: Sequence[RunRow]) -> tuple[str, ...]:
    """A name for each row; equal ones are told apart by their time, otherwise by their folder."""
    names = [row.name for row in rows]
    dated = [
        row.name if row.date is None else f"{row.name} ({row.date.astimezone():%Y-%m-%d %H:%M})"
        for row in rows
    ]
    names = _unlike(names, dated)
    return tuple(_unlike(names, [f"{row.name} ({row.run.name})" for row in rows]))


def _unlike(names: list[str], others: list[str]) -> list[str]:
    """The names, and the others instead of those that several have."""
    count = Counter(names)
    return [name if count[name] == 1 else other for name, other in zip(names, others, strict=True)]
