"""Where an imported run comes from: `imported.json` in its folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.printable import printable
from aestudio.storage.files import read_bytes, replace_file, to_text
from aestudio.storage.json_text import parse_json, table_of

if TYPE_CHECKING:
    from pathlib import Path

FILE = "imported.json"
_MOST_BYTES = 10_000
_LONGEST = 200  # characters of the file's name


@dataclass(frozen=True)
class ImportNote:
    """file: the name of the shared file; date: when the run was imported; exported: when the file was made

    newer: whether a newer version of the program wrote the file, of which parts may have been passed over
    """

    file: str
    date: datetime
    exported: datetime
    newer: bool = False

    @property
    def sentence(self) -> str:
        """For people."""
        imported, made = self.date.astimezone(), self.exported.astimezone()
        text = f"Imported on {imported:%Y-%m-%d} from {self.file}, which was made on {made:%Y-%m-%d}"
        newer = " by a newer version of the program: it can be looked at, and not trained on"
        return f"{text}{newer if self.newer else ''}"


def refuse_newer(note: ImportNote | None, name: str) -> None:
    """Raises StudioError for a run that a newer version wrote: it can be looked at, and not trained on.

    name: the run's
    """
    if note is not None and note.newer:
        raise StudioError(
            "This run is from a newer version of the program, and can only be looked at here",
            where=name,
            advice="Update aestudio and import its file again to train it further, or start a new run.",
        )


def note_import(folder: Path, file: str, exported: datetime, newer: bool = False) -> None:
    """Write that the run in the folder was imported now; raises StudioError."""
    table: dict[str, object] = {
        "file": printable(file)[:_LONGEST],
        "imported": datetime.now(UTC).isoformat(),
        "exported": exported.isoformat(),
        **({"newer": True} if newer else {}),
    }
    replace_file(folder / FILE, to_text(table).encode())


def read_import(folder: Path) -> ImportNote | None:
    """The note in the folder; None for a run that was trained here, and for a damaged note."""
    if not (folder / FILE).is_file():
        return None
    with suppress(StudioError, ValueError, KeyError, TypeError):
        table = table_of(parse_json(read_bytes(folder / FILE, _MOST_BYTES)))
        dates = [datetime.fromisoformat(str(table[name])) for name in ("imported", "exported")]
        if isinstance(table["file"], str) and all(date.tzinfo is not None for date in dates):
            newer = table.get("newer") is True
            return ImportNote(printable(table["file"])[:_LONGEST], dates[0], dates[1], newer)
    return None
