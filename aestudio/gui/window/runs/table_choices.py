"""What the user chose for the table of runs: its columns and their order; kept in run_table.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.paths import settings_folder
from aestudio.runs.run_rows import COLUMNS
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import parse_json, table_of, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "run_table.json"
MAXIMUM_BYTES = 20_000
NAMES = tuple(column.name for column in COLUMNS)
ALWAYS = "name"  # without it nobody knows which run a row is
HIDDEN_AT_FIRST = frozenset({"status", "note"})
WIDEST = 2_000


@dataclass(frozen=True)
class TableChoices:
    """The columns of the table.

    order:  every column, from left to right
    hidden: those that are not shown
    widths: logical pixels at 100 % of the type, of the columns that the user made wider or narrower
    sorted_by: the column, "" for the newest first; descending: its direction
    """

    order: tuple[str, ...] = NAMES
    hidden: frozenset[str] = HIDDEN_AT_FIRST
    widths: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sorted_by: str = ""
    descending: bool = False


def read_choices() -> TableChoices:
    """What was chosen; the usual if there is no valid file. A column that the file does not know is last."""
    try:
        table = table_of(parse_json(_content(settings_folder() / FILE)))
        order = _columns(table["order"])
        widths = {name: _width(width) for name, width in table_of(table["widths"]).items() if name in NAMES}
        sorted_by, descending = table["sorted_by"], table["descending"]
        if sorted_by not in ("", *NAMES) or not isinstance(descending, bool):
            raise ValueError("this is no order of rows")
        hidden = frozenset(_columns(table["hidden"])) - {ALWAYS}
    except (OSError, ValueError, KeyError, TypeError):
        return TableChoices()
    new = tuple(name for name in NAMES if name not in order)
    return TableChoices((*order, *new), hidden, MappingProxyType(widths), sorted_by, descending)


def write_choices(choices: TableChoices) -> None:
    """Keep the choices; no error if the file cannot be written."""
    table = {
        "order": choices.order,
        "hidden": sorted(choices.hidden),
        "widths": dict(choices.widths),
        "sorted_by": choices.sorted_by,
        "descending": choices.descending,
    }
    path = settings_folder() / FILE
    if path.exists() and not path.is_file():
        return
    try:
        with new_file(path, durable=False) as file:
            file.write(json.dumps(table, indent=1).encode())
    except StudioError:
        return


def _columns(value: object) -> tuple[str, ...]:
    """Names of columns, each once; those of other versions are left out. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError("these are no columns")
    names: Iterable[object] = value
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name in NAMES))


def _width(value: object) -> int:
    return min(WIDEST, whole_number(value))


def _content(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
        return b""
    return path.read_bytes()
