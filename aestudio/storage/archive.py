"""Reads an archive of several files (zip): names and sizes of its parts are checked before any is read.

    with open_archive(path, damage) as archive:
        archive.sizes["run.json"]                       # bytes; nothing was unpacked yet
        archive.read("run.json", most_bytes)            # StudioError if it is larger or damaged
        for piece in archive.pieces("weights.safetensors"): ...

A part is named like "run.json" or "folder/000000004.safetensors". Links, folders and permissions that an
archive may also hold are not looked at: to unpack is to write new files of these bytes.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from aestudio.memory import in_words
from aestudio.storage.damage import Damage
from aestudio.storage.regular_file import file_size, open_file
from aestudio.storage.zip_directory import as_damage, check_directory, check_entry

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

MOST_PARTS = 2_000
_PIECE = 1 << 20
# Text packs 4 to 20 times; what is small may pack better without harm.
_MOST_RATIO, _FREELY = 150, 1_000_000
_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.-]{1,100}(?:/(?!\.)[A-Za-z0-9_.-]{1,100}){0,2}")
_UNKNOWN = Damage()


class ArchiveFile:
    """An archive whose directory was checked. sizes: bytes of each part, by name"""

    def __init__(self, archive: zipfile.ZipFile, size: int, path: Path, damage: Damage) -> None:
        self._archive, self._path, self._damage = archive, path, damage
        self._members = _members(archive, size)
        self.sizes: Mapping[str, int] = {name: entry.file_size for name, entry in self._members.items()}

    def read(self, name: str, most_bytes: int) -> bytes:
        """One part; raises StudioError if it is missing, damaged, or larger than `most_bytes`."""
        with as_damage(self._path, self._damage):
            size = self._members[name].file_size
            if size > most_bytes:
                raise ValueError(f"{name} takes {in_words(size)}, more than {in_words(most_bytes)}")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, a megabyte at a time; raises StudioError, at the end, if it is damaged."""
        with self.opened(name) as file:
            while piece := file.read(_PIECE):
                yield piece

    @contextmanager
    def opened(self, name: str) -> Generator[IO[bytes]]:
        """A part to read from; what goes wrong in the block is reported as damage of the archive."""
        with as_damage(self._path, self._damage):
            if name not in self._members:
                raise ValueError(f"{name} is missing")
            with self._archive.open(self._members[name]) as file:
                yield file


@contextmanager
def open_archive(path: Path, damage: Damage = _UNKNOWN) -> Generator[ArchiveFile]:
    """An archive to read parts from; raises OSError, and StudioError if it is invalid or damaged."""
    with open_file(path) as file:
        with as_damage(path, damage):
            check_directory(file)
            archive = zipfile.ZipFile(file)
            opened = ArchiveFile(archive, file_size(file), path, damage)
        yield opened


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The parts of an archive of `size` bytes, by name; raises ValueError."""
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise ValueError(f"it holds {len(entries):,} parts")
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        if not _NAME.fullmatch(name):
            raise ValueError(f"a part has the name {name[:60]!r}, which leads out of it or is no plain name")
        if name in members:
            raise ValueError(f"it holds two parts named {name}")
        check_entry(entry, size)
        packed_too_well = entry.file_size > _MOST_RATIO * entry.compress_size
        if packed_too_well and entry.file_size > _FREELY:
            raise ValueError(f"{name} would unpack to {in_words(entry.file_size)}")
        members[name] = entry
    if sum(entry.compress_size for entry in entries) > size:
        raise ValueError("its parts overlap")
    return members
