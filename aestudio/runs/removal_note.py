"""When a run in the trash folder was removed, and what its folder was called: `removed.json` in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.storage.files import read_bytes, replace_file, to_text
from aestudio.storage.json_text import parse_json, table_of

if TYPE_CHECKING:
    from pathlib import Path

FILE = "removed.json"
_MOST_BYTES = 10_000


@dataclass(frozen=True)
class RemovalNote:
    """name: that of the folder, which it gets back."""

    name: str
    date: datetime


def note_removal(folder: Path, name: str) -> None:
    """Write that the run of this name was removed now; raises StudioError."""
    table = {"name": name, "removed": datetime.now(UTC).isoformat()}
    replace_file(folder / FILE, to_text(table).encode())


def read_removal(folder: Path) -> RemovalNote:
    """The note in the folder, or the folder's name and date: earlier versions left no note."""
    with suppress(StudioError, ValueError, KeyError, TypeError):
        table = table_of(parse_json(read_bytes(folder / FILE, _MOST_BYTES)))
        name, date = table["name"], datetime.fromisoformat(str(table["removed"]))
        if isinstance(name, str) and _is_a_name(name) and date.tzinfo is not None:
            return RemovalNote(name, date)
    try:
        changed = folder.stat().st_mtime
    except OSError:
        changed = 0.0
    return RemovalNote(folder.name, datetime.fromtimestamp(changed, UTC))


def _is_a_name(name: str) -> bool:
    """Whether it names a folder beside others: a note of someone else must not lead elsewhere."""
    return name not in ("", ".", "..") and not set(name) & set("/\\\0") and len(name) < 200
