"""Keeps what was opened and chosen last, in recent.json; an invalid file is ignored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from aestudio.errors import StudioError
from aestudio.paths import settings_folder, settings_lock
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.lock import locked_if_possible

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "recent.json"
MAXIMUM_BYTES = 200_000
MOST = 12
List = Literal["files", "palette"]
LISTS: tuple[List, ...] = ("files", "palette")


def with_newest(entries: Sequence[str], newest: str) -> tuple[str, ...]:
    """The list with this entry first, and once; the oldest is left out of a long one."""
    return (newest, *(entry for entry in entries if entry != newest))[:MOST]


def read_recent(name: List) -> tuple[str, ...]:
    """The newest entries of a list, the newest first; () without a valid file."""
    return _read()[name]


def write_recent(name: List, entries: Sequence[str]) -> None:
    """Keep a list as it is; the others are kept too. No error if the file cannot be written."""
    with locked_if_possible(settings_lock()):
        _write({**_read(), name: tuple(entries)})


def add_recent(name: List, entries: Sequence[str]) -> tuple[str, ...]:
    """Put these before what the list has now, also from other windows; the first entry is the newest.

    Returns the list, with these entries also if the file cannot be written.
    """
    with locked_if_possible(settings_lock()):
        known = _read()
        newest = known[name]
        for entry in reversed(entries):
            newest = with_newest(newest, entry)
        _write({**known, name: newest})
    return newest


def remove_recent(name: List, entries: Sequence[str]) -> tuple[str, ...]:
    """Take these out of a list, as other windows have it by now; returns what is left."""
    with locked_if_possible(settings_lock()):
        known = _read()
        left = tuple(entry for entry in known[name] if entry not in entries)
        if left != known[name]:
            _write({**known, name: left})
    return left


def _write(table: dict[List, tuple[str, ...]]) -> None:
    path = settings_folder() / FILE
    if path.exists() and not path.is_file():
        return
    try:
        with new_file(path, durable=False) as file:
            file.write(json.dumps(table, indent=1).encode())
    except StudioError:
        return


def _read() -> dict[List, tuple[str, ...]]:
    path = settings_folder() / FILE
    try:
        if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
            return dict.fromkeys(LISTS, ())
        table = table_of(parse_json(path.read_bytes()))
        return {name: _texts(table.get(name, ())) for name in LISTS}
    except (OSError, ValueError, TypeError):
        return dict.fromkeys(LISTS, ())


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, str) for entry in value):
        raise ValueError("this is no list of texts")
    return tuple(value[:MOST])
