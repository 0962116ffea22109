"""Reads .npz files: arrays by name in a zip archive, each checked before memory is taken for it.

Two functions. The program's own files have rules for each array:

    arrays = read_npz(path, {"codes": ArrayRule("float32", ("n", "l"), finite=True)}, 64_000_000)

A user's file is inspected first, then read array by array:

    with open_npz(path, damage) as file:
        file.arrays["images"].bytes                   # and .dtype, .shape; nothing was unpacked yet
        images = file.read("images", most_bytes)      # StudioError if it is larger, damaged, a pickle

Both raise StudioError naming the file, or OSError where the system cannot read it: call them inside
`os_errors.reading`. Nothing in a file is ever run: there are no pickles here.
"""

from __future__ import annotations

import math
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError
from aestudio.memory import in_words
from aestudio.progress import silent
from aestudio.storage.arrays import ArrayInfo, ArrayRule, check_array, check_values, in_shape
from aestudio.storage.damage import Damage
from aestudio.storage.npy_header import NotPlain, NpyHeader, read_npy_header
from aestudio.storage.regular_file import file_size, open_file
from aestudio.storage.zip_directory import DAMAGE, as_damage, check_directory, check_entry

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

    from aestudio.progress import Progress

_MOST_ARRAYS = 10_000
_PIECE = 1 << 20
_MOST_EMPTY = 1 << 24  # empty texts, which take no byte in the file but some in memory
_SUFFIX = ".npy"
_UNKNOWN = Damage()


class NpzFile:
    """An archive whose directory and headers were checked. arrays: type and shape by name, in its order."""

    def __init__(self, archive: zipfile.ZipFile, size: int, path: Path, damage: Damage) -> None:
        self._path = path
        self._damage = damage
        self._archive = archive
        self._members = _members(archive, size)
        self._headers: dict[str, NpyHeader] = {}
        self._refused: dict[str, Exception] = {}  # raised when such an array is read, not before
        for name, member in self._members.items():
            try:
                self._headers[name] = _header(archive, member)
            except DAMAGE as error:
                self._refused[name] = error
        self.arrays: Mapping[str, ArrayInfo] = {name: header.info for name, header in self._headers.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Every array in the archive, also one that cannot be read."""
        return tuple(self._members)

    def check_readable(self, name: str) -> None:
        """Raises ValueError, or the error of its header, unless the array exists and can be read."""
        if name in self._refused:
            raise self._refused[name]
        if name not in self._headers:
            raise ValueError(f"{name} is missing")

    def packed(self, name: str) -> int:
        """Bytes that an array takes in the file."""
        return self._members[name].compress_size

    def in_rows(self, name: str) -> bool:
        """Whether the rows of an array that can be read lie one after another (C order)."""
        return self._headers[name].order == "C"

    def check_plain(self, name: str) -> None:
        """Raises StudioError unless the array is there and holds plain numbers or texts."""
        if isinstance(self._refused.get(name), NotPlain):
            raise StudioError(
                f"The array {name} does not hold plain numbers or texts",
                where=str(self._path),
                advice="Convert images with .astype('uint8'), labels with .astype('int64'), and save again.",
            )
        with as_damage(self._path, self._damage):
            self.check_readable(name)

    def batches(self, name: str, rows: int) -> Iterator[NDArray[Any]]:
        """An array (N, ...) in C order, `rows` at a time; raises StudioError, at the end, if it is damaged.

        Every call reads the array anew; nothing is kept.
        """
        self.check_plain(name)
        header = self._headers[name]
        with as_damage(self._path, self._damage):
            yield from _batches(self._archive, self._members[name], header, rows)

    def read(self, name: str, most_bytes: int, progress: Progress = silent) -> NDArray[Any]:
        """One array, own shape; raises StudioError if damaged, larger than `most_bytes`, or a pickle."""
        self.check_plain(name)
        with as_damage(self._path, self._damage):
            header = self._headers[name]
            size = header.info.bytes
            if size <= most_bytes:
                return _unpacked(self._archive, self._members[name], header, progress)
        raise StudioError(
            f"The array {name} takes {in_words(size)} of memory, more than {in_words(most_bytes)}",
            where=str(self._path),
            advice="Save fewer or smaller images, or a smaller type of number.",
        )


@contextmanager
def open_npz(path: Path, damage: Damage = _UNKNOWN) -> Generator[NpzFile]:
    """An archive to read arrays from; raises OSError, and StudioError if it is invalid or damaged.

    damage: the message for a damaged file
    """
    with open_file(path) as file:
        with as_damage(path, damage):
            check_directory(file)
            archive = zipfile.ZipFile(file)
            opened = NpzFile(archive, file_size(file), path, damage)
        yield opened


def read_npz(
    path: Path,
    rules: Mapping[str, ArrayRule],
    most_bytes: int,
    damage: Damage = _UNKNOWN,
    progress: Progress = silent,
) -> dict[str, NDArray[Any]]:
    """The arrays that the rules name, each of the shape of its rule; other arrays are skipped.

    most_bytes: of all of them together
    Raises StudioError for a damaged file or an array that breaks its rule, OSError.
    """
    with open_npz(path, damage) as file:
        lengths: dict[str, int] = {}
        with as_damage(path, damage):
            for name, rule in rules.items():
                file.check_readable(name)
                check_array(name, file.arrays[name], rule, lengths)
            size = sum(file.arrays[name].bytes for name in rules)
            if size > most_bytes:
                raise ValueError(f"it holds {in_words(size)}, more than {in_words(most_bytes)}")
        arrays = {name: file.read(name, most_bytes, progress) for name in rules}
        with as_damage(path, damage):
            for name, rule in rules.items():
                check_values(name, arrays[name], rule)
    return {name: in_shape(arrays[name], rule, lengths) for name, rule in rules.items()}


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The arrays of an archive of `size` bytes, by name without ".npy"; raises ValueError."""
    entries = archive.infolist()
    if len(entries) > _MOST_ARRAYS:
        raise ValueError(f"it holds {len(entries):,} entries")
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.removesuffix(_SUFFIX)
        if name == entry.filename:
            continue
        if name in members:
            raise ValueError(f"it holds two arrays named {name[:60]}")
        check_entry(entry, size)
        members[name] = entry
    return members


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NpyHeader:
    with archive.open(member) as file:
        header = read_npy_header(file)
    if header.length + header.info.bytes != member.file_size:
        raise ValueError("its sizes disagree")
    return header


def _unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: NpyHeader, progress: Progress
) -> NDArray[Any]:
    """The numbers, in memory that is taken once; the archive's own check sum is compared at the end."""
    info = header.info
    if info.dtype.itemsize == 0:  # empty texts
        _check_empty(info)
    try:
        content = np.empty(info.bytes, np.uint8)
    except MemoryError as error:
        raise ValueError(f"there is no memory for its {in_words(info.bytes)}") from error
    with archive.open(member) as file:
        file.read(header.length)
        _fill(file, content.data, progress)
        _check_end(file)
    if info.dtype.itemsize == 0:
        return np.zeros(info.shape, info.dtype)
    return content.view(info.dtype).reshape(info.shape, order=header.order)


def _batches(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: NpyHeader, rows: int
) -> Iterator[NDArray[Any]]:
    """The numbers by rows; the archive's own check sum is compared at the end."""
    info = header.info
    if info.dtype.itemsize == 0:
        _check_empty(info)
    with archive.open(member) as file:
        file.read(header.length)
        for start in range(0, info.shape[0], rows):
            shape = (min(rows, info.shape[0] - start), *info.shape[1:])
            batch = np.zeros(shape, info.dtype) if info.dtype.itemsize == 0 else np.empty(shape, info.dtype)
            if batch.nbytes:
                _fill(file, batch.reshape(-1).view(np.uint8).data, silent)
            yield batch
        _check_end(file)


def _check_empty(info: ArrayInfo) -> None:
    """Raises ValueError for too many empty texts, which take no byte in the file."""
    if math.prod(info.shape) > _MOST_EMPTY:
        raise ValueError("its header announces more than it can hold")


def _check_end(file: IO[bytes]) -> None:
    if file.read(1):
        raise ValueError("it is longer than its header says")


def _fill(file: IO[bytes], content: memoryview, progress: Progress) -> None:
    done = 0
    while done < len(content):
        piece = file.read(min(_PIECE, len(content) - done))
        if not piece:
            raise EOFError("it ends too early")
        content[done : done + len(piece)] = piece
        done += len(piece)
        progress(done, len(content), "Unpacking")
