"""The Python folder of a user's network or objective, read once: the bytes that are asked about are run."""

from __future__ import annotations

import hashlib
import keyword
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.paths import user_parts_folder
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_FILES = 1000
MOST_BYTES = 50_000_000  # of all files together


@dataclass(frozen=True)
class PartFolder:
    """A folder `networks/NAME` or `objectives/NAME` with all its files as they were read.

    group:  "networks" or "objectives"
    files:  content by path within the folder, with "/" on every system
    digest: hexadecimal SHA-256 over the paths and contents of all files
    """

    group: str
    name: str
    folder: Path
    files: Mapping[str, bytes]
    digest: str

    @property
    def key(self) -> str:
        """Its name among all parts: "networks/NAME"."""
        return f"{self.group}/{self.name}"

    @property
    def sort(self) -> str:
        """What it is, for people: "network" or "objective"."""
        return sort_of(self.group)


def sort_of(group: str) -> str:
    """The word for one of a group: "network" or "objective"."""
    return group.removesuffix("s")


def is_part_name(name: str) -> bool:
    """Whether a part can be called this: a name of Python, so that its files can import each other."""
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def folder_names(group: str) -> tuple[str, ...]:
    """Names of everything in the user's folder of this group, hidden things left out; raises StudioError."""
    folder = user_parts_folder(group)
    with reading(folder):
        if not folder.is_dir():
            return ()
        # Sorted out by name only: a link or a file is refused with a sentence when it is read.
        return tuple(sorted(name for name in os.listdir(folder) if name[:1] not in (".", "_")))


def read_part_folder(group: str, name: str) -> PartFolder:
    """Every file of the folder, and their digest.

    Raises StudioError if it is no folder, holds a link or a special file, or is too large.
    """
    folder = user_parts_folder(group) / name
    if not is_part_name(name):
        raise _refused(
            "A network or objective cannot have this name", folder, "Use letters, digits and underscores."
        )
    files = dict(_files(folder))
    return PartFolder(group, name, folder, files, digest_of_files(files))


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """Hexadecimal SHA-256 over paths and contents; each is preceded by its length, so that none runs over."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        name = os.fsencode(path)
        digest.update(b"%d\0%s%d\0" % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def _files(top: Path) -> Iterator[tuple[str, bytes]]:
    room = MOST_BYTES
    for number, path in enumerate(_regular_files(top)):
        if number == MOST_FILES:
            raise _refused(f"This folder holds more than {MOST_FILES:,} files", top, "Keep data elsewhere.")
        with reading(path):
            content = read_file(path, room)
        room -= len(content)
        yield path.relative_to(top).as_posix(), content


def _regular_files(folder: Path) -> Iterator[Path]:
    """Paths of all files, those in folders too; raises StudioError for anything else."""
    with reading(folder):
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise _refused("This is not a folder, or a link to one", folder, "Put the folder itself there.")
        entries = sorted(folder.iterdir())
        modes = [(path, path.lstat().st_mode) for path in entries]
    for path, mode in modes:
        if stat.S_ISDIR(mode):
            yield from _regular_files(path)
        elif stat.S_ISREG(mode):
            yield path
        else:
            raise _refused(
                "A folder with a link or a special file is not loaded", path, "Put a copy of the file there."
            )


def _refused(what: str, path: Path, advice: str) -> StudioError:
    return StudioError(what, where=str(path), advice=advice)
