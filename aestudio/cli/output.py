"""What the commands print: text for people, JSON for programs. Results on stdout, the rest on stderr."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from aestudio.printable import json_safe

# Exit codes of everything that did not go well.
PROBLEM, BAD_VALUE, STOPPED = 1, 2, 130


def say(text: str) -> None:
    """A result, for people, on stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Something to know on the way, on stderr; a terminal that has been closed ends nothing."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def fail(message: str, code: int) -> int:
    """A problem in one line on stderr; returns the exit code, for the caller to end with."""
    note(f"aestudio: {one_line(message)}")
    return code


def say_json(value: Any) -> None:
    """The value as JSON in one line on stdout, with null for numbers that are none.

    Names of files that are no UTF-8 are escaped, so that every reader takes them and Python reads them back.
    """
    from aestudio.runs.figures import plain

    say(json_safe(json.dumps(plain(value), ensure_ascii=False, allow_nan=False)))


def one_line(text: str) -> str:
    """The text without line ends."""
    return " ".join(text.split())


def table(rows: list[tuple[str, ...]], heading: tuple[str, ...]) -> str:
    """Rows in columns as wide as they have to be; the last column is not padded."""
    whole = [heading, *rows]
    widths = [max(len(row[column]) for row in whole) for column in range(len(heading) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in whole
    ]
    return "\n".join(lines)


def figures_table(figures: dict[str, Any]) -> str:
    """A run's figures as lines for people; what is not known is left out."""
    shown: list[tuple[str, str]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            shown += [
                (f"{name} {part}", _number(entry)) for part, entry in value.items() if entry is not None
            ]
        elif value not in (None, "") and not name.startswith("test_"):
            shown.append((name, _number(value)))
    width = max(len(name) for name, _ in shown)
    return "\n".join(f"{name.replace('_', ' ').ljust(width)}  {value}" for name, value in shown)


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
