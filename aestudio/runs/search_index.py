"""The index of runs: what lists show of each, in an SQLite file on this machine, to list thousands at once.

It is a cache and never the truth. Each entry belongs to the files of the run's folder as they were: names,
sizes, times and numbers of all of them. They are compared whenever runs are listed, so that a folder that was
changed by hand, by another window or by another machine is read again. An entry that is damaged, or of
another version of the program, is passed over. Without the file, or where it cannot be read or written, runs
are read from their folders, and the file is made again.

It lies in the cache folder and not beside the runs: SQLite's locks cannot be relied on where several machines
write to one folder, and each machine makes its own.

What it does not notice: a file of a folder below the run's (its history) that somebody overwrites in place.
Only the size that is shown depends on those.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.paths import cache_folder
from aestudio.resources import resources_folder
from aestudio.runs.best_validation import BestValidation
from aestudio.runs.import_note import ImportNote
from aestudio.runs.labels_file import NO_LABELS, RunLabels
from aestudio.runs.list_facts import ListFacts, facts_of
from aestudio.runs.listed_run import ListedRun
from aestudio.runs.run_record import FILE, MOST_BYTES
from aestudio.runs.run_record import UNDER_WAY as CHANGING
from aestudio.storage.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aestudio.runs.kept_run import KeptRun

NAME = "runs.sqlite"
FORMAT = 2
# A file that has just changed may change again without another time or size: a clock of files ticks up to
# two seconds apart.
SETTLED_SECONDS = 3.0
_PATIENCE = 0.5  # seconds, while another process writes the index
_DIGEST = 16
_TABLE = """
CREATE TABLE IF NOT EXISTS runs (
    folder BLOB NOT NULL, name BLOB NOT NULL, stamp BLOB NOT NULL, facts TEXT NOT NULL, record BLOB NOT NULL,
    digest BLOB NOT NULL, PRIMARY KEY (folder, name)
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Entry:
    """One run in the index. stamp: of its folder, see `FolderStamp`; facts: as JSON; record: its run.json"""

    stamp: bytes
    facts: str
    record: bytes

    @property
    def digest(self) -> bytes:
        """Shows damage of the index."""
        return _digest(self.stamp, self.facts.encode(), self.record)


@dataclass(frozen=True)
class FolderStamp:
    """The state of a run's folder. names: of what lies in it

    value:   of all names, numbers, sizes and times, and of the program; None if it cannot be relied on: a
             link, or a change just now
    """

    names: tuple[str, ...]
    value: bytes | None


def stamp_of(folder: Path) -> FolderStamp:
    """The state of the folder now; raises OSError if it cannot be read."""
    with os.scandir(folder) as found:
        names = sorted(entry.name for entry in found)
    states: list[int] = []
    changed, linked, prefix = 0, False, os.path.join(folder, "")
    for name in names:
        state = os.lstat(prefix + name)
        times = state.st_mtime_ns, state.st_ctime_ns
        changed, linked = max(changed, *times), linked or stat.S_ISLNK(state.st_mode)
        states += (state.st_ino, state.st_size, *times)
    settled = changed < time.time_ns() - int(SETTLED_SECONDS * 1e9)
    value = _digest(_program(), os.fsencode("/".join(names)), repr(states).encode())
    return FolderStamp(tuple(names), value if settled and not linked else None)


def read_entries(folder: Path) -> dict[str, Entry]:
    """What the index holds of the runs in a folder, by their names; {} without an index."""
    path = index_path()
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as index:
            rows = index.execute(
                "SELECT name, stamp, facts, record, digest FROM runs WHERE folder = ?", (os.fsencode(folder),)
            ).fetchall()
        entries = {os.fsdecode(name): (Entry(*parts), digest) for name, *parts, digest in rows}
        return {name: entry for name, (entry, digest) in entries.items() if entry.digest == digest}
    except sqlite3.OperationalError:
        return {}  # another process writes it, or there is no table yet
    except (sqlite3.Error, TypeError, ValueError):
        with suppress(OSError):
            path.unlink()  # damaged: it is made again
        return {}


def write_entries(folder: Path, changed: Mapping[str, Entry], gone: Iterable[str] = ()) -> None:
    """Replace these entries of runs in a folder and remove others; without an error if that is impossible."""
    key, path = os.fsencode(folder), index_path()
    rows = [
        (key, os.fsencode(name), one.stamp, one.facts, one.record, one.digest)
        for name, one in changed.items()
    ]
    removed = [(key, os.fsencode(name)) for name in gone]
    with suppress(OSError, sqlite3.Error):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as index:
            # Nothing is lost with it, and every entry has a digest: it need not wait for the disk.
            index.execute("PRAGMA synchronous = OFF")
            with index:
                index.execute(_TABLE)
                index.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", rows)
                index.executemany("DELETE FROM runs WHERE folder = ? AND name = ?", removed)


def remember(runs: Iterable[KeptRun]) -> None:
    """Write what lists show of these runs into the index, as far as their files are as when they were listed.

    Left out: what is in it already, and what must be read each time. These are runs that cannot be read, that
    are under way, whose parts are the user's own (they can change without a change of the run), and those of
    earlier versions, whose names depend on recipes.
    """
    changed: dict[Path, dict[str, Entry]] = {}
    for run in runs:
        entry = None if isinstance(run, ListedRun) or run.stamp is None else _entry_of(run, run.stamp)
        if entry is not None:
            changed.setdefault(run.folder.parent, {})[run.folder.name] = entry
    for folder, entries in changed.items():
        write_entries(folder, entries)


def _entry_of(run: KeptRun, stamp: bytes) -> Entry | None:
    record = run.record
    if record is None or run.labels_problem is not None or record.status in CHANGING:
        return None
    parts = record.recipe.network, record.recipe.objective
    own = any(not type(part).__module__.startswith("aestudio.") for part in parts)
    if own or record.title == record.name:
        return None
    with suppress(StudioError, OSError):
        entry = Entry(
            stamp, _facts_to_json(run, facts_of(run, record)), read_bytes(run.folder / FILE, MOST_BYTES)
        )
        if stamp_of(run.folder).value == stamp:  # the files did not change while they were read
            return entry
    return None


def run_of(folder: Path, entry: Entry) -> ListedRun | None:
    """The run of an entry; None if it cannot be understood."""
    try:
        facts, labels, imported = _facts_from_json(entry.facts)
    except (ValueError, KeyError, TypeError):
        return None
    return ListedRun(folder, facts, entry.record, labels, imported)


def index_path() -> Path:
    """The index file."""
    return cache_folder() / NAME


def _facts_to_json(run: KeptRun, facts: ListFacts) -> str:
    """In the order of their fields, without names: 2,000 of these are read at once."""
    best = (facts.best.value, facts.best.unit, facts.best.step, facts.best.epoch)
    table = asdict(facts) | {"created": facts.created.isoformat(), "best": best}
    labels = None if run.labels.empty else run.labels.model_dump(mode="json")
    note = run.imported
    imported = note and (note.file, note.date.isoformat(), note.exported.isoformat(), note.newer)
    return json.dumps((labels, imported, *table.values()))


def _facts_from_json(text: str) -> tuple[ListFacts, RunLabels, ImportNote | None]:
    labels, imported, title, name, status, created, recipe, dataset, best, *more = json.loads(text)
    note = None
    if imported is not None:
        file, date, exported, *newer = imported  # earlier versions wrote three
        note = ImportNote(file, datetime.fromisoformat(date), datetime.fromisoformat(exported), *newer)
    facts = ListFacts(
        title, name, status, datetime.fromisoformat(created), recipe, dataset, BestValidation(*best), *more
    )
    return facts, RunLabels(**labels) if labels else NO_LABELS, note


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


@cache
def _program() -> bytes:
    """What the facts of a run depend on besides its files: the program's own, by their sizes and times."""
    package = Path(__file__).parents[1]
    folders = [
        package / name
        for name in ("layers", "networks", "objectives", "recipes", "runs", "sabotage", "storage")
    ]
    states: list[tuple[str, int, int]] = []
    for top in (*folders, resources_folder() / "recipes"):
        for parent, _, names in os.walk(top):
            for name in names:
                if name.endswith((".py", ".json")):
                    state = os.stat(os.path.join(parent, name))
                    states.append((f"{parent}/{name}", state.st_size, state.st_mtime_ns))
    return _digest(f"{FORMAT}".encode(), repr(sorted(states)).encode("utf-8", "surrogateescape"))
