"""Files of a folder or of an archive, as one list: what is read from them does not ask where they lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.labels import natural_key
from aestudio.datasets.memory_limit import check_size
from aestudio.printable import printable
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.progress import Progress

_REPORT_EVERY = 1000  # files between two calls of the progress callback
_SKIPPED = ("__macosx", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Entry:
    """A file. parts: the names from the folder or archive down to it

    path:    where it is, for messages, too
    content: reads it out of an archive; None for a file of its own, at `path`
    """

    parts: tuple[str, ...]
    path: Path
    content: Callable[[], bytes] | None = None

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def place(self) -> str:
        """Its names with "/" between, which tell it from all others of its folder or archive."""
        return "/".join(self.parts)

    @property
    def suffix(self) -> str:
        """Of its name, in small letters, ".png"."""
        return os.path.splitext(self.name)[1].lower()

    def read(self) -> bytes | None:
        """Its content, if it is in an archive."""
        return None if self.content is None else self.content()


def is_hidden(name: str) -> bool:
    """Whether a file or folder is one of a program or system, not of a person."""
    return name.startswith(".") or name.lower() in _SKIPPED


def in_order_of_names(entries: list[Entry]) -> list[Entry]:
    """The files in the order of their names, folder by folder: 2 before 10."""
    return sorted(entries, key=lambda entry: [natural_key(part) for part in entry.parts])


def chosen_files(entries: list[Entry], names: frozenset[str] | None) -> tuple[list[Entry], int]:
    """The files of these names, None for all; and how many others there are."""
    if names is None:
        return entries, 0
    chosen = [entry for entry in entries if entry.place in names]
    return chosen, len(entries) - len(chosen)


def files_below(folder: Path, progress: Progress) -> list[Entry]:
    """Every file below the folder that is not hidden, in order; a folder that is linked twice once.

    Raises StudioError for a folder that cannot be read, which it names, and for an endless one, Cancelled.
    """
    seen: set[str] = set()
    found: list[Entry] = []
    for entry in _walk(folder, (), seen):
        found.append(entry)
        if len(found) % _REPORT_EVERY == 1:
            progress(0, None, f"Searching {printable(folder.name)}: {len(found):,} files")
            check_size(len(found) * MNIST.image.size, str(folder), "This number of files")
    return in_order_of_names(found)


def _walk(folder: Path, parts: tuple[str, ...], seen: set[str]) -> Iterator[Entry]:
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    below: list[Path] = []
    for entry in _inside(folder, top=not parts):
        if is_hidden(entry.name):
            continue
        if entry.is_dir():
            below.append(entry)
        elif entry.is_file():
            yield Entry((*parts, entry.name), entry)
    # Links last: what is linked to is found where it lies, and under its own name.
    for entry in sorted(below, key=lambda path: path.is_symlink()):
        yield from _walk(entry, (*parts, entry.name), seen)


def _inside(folder: Path, top: bool) -> list[Path]:
    """What is in a folder, in order; nothing if it was removed since its own folder was read.

    Raises StudioError, which names this folder and not the one above, if it cannot be read.
    """
    with reading(folder):
        try:
            return sorted(folder.iterdir())
        except FileNotFoundError:
            if top:
                raise
            return []
