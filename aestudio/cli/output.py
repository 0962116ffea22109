"""What the commands print: text for people, JSON for programs. Results on stdout, the rest on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

from aestudio.errors import StudioError
from aestudio.printable import json_safe, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_CONTROL = re.compile("[\x7f-\x9f]")
# Exit codes of failures.
PROBLEM, BAD_VALUE, STOPPED = 1, 2, 130


class BadUsage(StudioError):
    """A command line that cannot be understood; ends with exit code 2."""


class Stopped(StudioError):
    """The user ended the work at once: what is kept, where, and how to go on. Exit code 130."""


def no_such_command(name: str, allowed: Iterable[str]) -> BadUsage:
    """The error for a mistyped command."""
    return BadUsage(f"No such command '{name}'", advice=f"Allowed: {', '.join(allowed)}.")


def no_such_option(name: str, allowed: Iterable[str]) -> BadUsage:
    """The error for a mistyped option. allowed: without --help, which every command has."""
    return BadUsage(f"No such option: {name}", advice=f"Allowed: {', '.join([*allowed, '--help'])}.")


def print_result(text: str) -> None:
    """Print a result for people on stdout, control characters of names written out.

    Raises StudioError if stdout cannot be written (a file on a full disk).
    """
    _print(printable(text))


def _print(text: str) -> None:
    """Print a line on stdout as it is. A reader that has gone (`| head`) is no error. Raises StudioError."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output(sys.stdout)
    except OSError as problem:
        discard_output(sys.stdout)
        raise StudioError(
            f"The result cannot be written ({problem.strerror or problem})",
            where="standard output",
            advice="Free some space, or write it elsewhere.",
        ) from problem


def discard_output(stream: TextIO) -> None:
    """Discard what is written to the stream, now and later: its flush at exit would fail as well."""
    with suppress(OSError, ValueError):  # a stream of a test has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def print_notice(text: str) -> None:
    """Print a notice on stderr, control characters of names written out; a closed terminal is no error."""
    with suppress(OSError):
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()


def print_warning(problem: StudioError) -> None:
    """Print a problem that does not end the command, in one line on stderr."""
    print_notice(one_line(str(problem)))


def print_error(problem: StudioError, code: int, arguments: Sequence[str] = ()) -> int:
    """A problem in one line on stderr; returns the exit code, for the caller to end with.

    arguments: of the command line: with --json among them stdout has an object as `error_table` gives it
    """
    print_notice(f"aestudio: {one_line(str(problem))}")
    if "--json" in arguments:
        with suppress(StudioError):  # it was printed on stderr already
            _print(_json_line(error_table(problem, code)))
    return code


def error_table(problem: StudioError, code: int) -> dict[str, Any]:
    """A problem for programs: {"error": {"what", "where", "advice", "exit_code"}}; texts may be ""."""
    texts = {"what": problem.what, "where": problem.where, "advice": problem.advice}
    return {"error": {name: one_line(text) for name, text in texts.items()} | {"exit_code": code}}


def print_json(value: Any) -> None:
    """The value as JSON in one line on stdout, with null for NaN and infinity.

    Names of files that are no UTF-8 are escaped, so that every reader takes them and Python reads them back.
    """
    from aestudio.runs.run_metrics import plain

    _print(_json_line(plain(value)))


def _json_line(value: Any) -> str:
    """The value as JSON; control characters that JSON allows are escaped like the others."""
    text = json_safe(json.dumps(value, ensure_ascii=False, allow_nan=False))
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """The text without line ends."""
    return " ".join(text.split())


def table(rows: list[tuple[str, ...]], heading: tuple[str, ...]) -> str:
    """Rows in columns as wide as they have to be; the last column is not padded."""
    all_rows = [heading, *rows]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(heading) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in all_rows
    ]
    return "\n".join(lines)


def metrics_table(metrics: dict[str, Any]) -> str:
    """A run's metrics as lines for people; unknown ones are left out."""
    shown: list[tuple[str, str]] = []
    for name, value in metrics.items():
        if isinstance(value, dict):
            shown += [
                (f"{name} {part}", _number(entry))
                for part, entry in cast("dict[str, Any]", value).items()
                if entry is not None
            ]
        elif value not in (None, "") and not name.startswith("test_"):
            shown.append((name, _number(value)))
    width = max(len(name) for name, _ in shown)
    return "\n".join(f"{name.replace('_', ' ').ljust(width)}  {value}" for name, value in shown)


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
