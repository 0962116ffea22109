"""Small JSON files of what the user chose in the window; an invalid file is ignored.

Windows of several processes share them: each changes its own entries only, in turns (`change_table`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.paths import settings_folder, settings_lock
from aestudio.storage.atomic_file import new_file
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.lock import locked_if_possible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAXIMUM_BYTES = 10_000


def read_table(name: str) -> dict[str, Any]:
    """The table in the settings file of this name; {} if there is no valid one."""
    try:
        return table_of(parse_json(_content(settings_folder() / name)))
    except (OSError, ValueError):
        return {}


def change_table(name: str, changed: Mapping[str, Any]) -> None:
    """Write these entries into the settings file of this name; those of other windows stay as they are.

    No error if it cannot be written. Neither a folder without locks nor a window that holds the lock for long
    keeps the change from being written.
    """
    with locked_if_possible(settings_lock()):
        known = read_table(name)
        table = {**known, **changed}
        if table != known:
            write_table(name, table)


def write_table(name: str, table: Mapping[str, Any]) -> None:
    """Write the whole settings file of this name; no error if it cannot be written."""
    path = settings_folder() / name
    try:
        if path.exists() and not path.is_file():
            return
        with new_file(path, durable=False) as file:
            file.write(json.dumps(table, indent=1).encode())
    except (OSError, StudioError):
        return


def _content(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > MAXIMUM_BYTES:
        return b""
    return path.read_bytes()
