"""Lists the files of a .zip or .tar archive, which are read from it and never written to the disk."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.datasets.entries import Entry, in_order_of_names, is_hidden
from aestudio.datasets.memory_limit import check_packing, check_size
from aestudio.errors import StudioError
from aestudio.storage.damage import Damage
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from aestudio.progress import Progress

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_MOST_ENTRIES = 2_000_000
_DAMAGE = Damage(
    "This archive is damaged or cut off", "Download or copy it again, or unpack it and choose the folder."
)
_ERRORS = (
    zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, ValueError,
    NotImplementedError, KeyError, OverflowError,
)  # fmt: skip


@contextmanager
def files_in(path: Path, wanted: Callable[[str], bool], progress: Progress) -> Generator[list[Entry]]:
    """The files of an archive whose names are wanted, in order, readable until the block ends.

    Hidden ones, links and paths that lead out of it are skipped. Raises StudioError for a damaged or an
    encrypted archive, and for one that unpacks to more than is allowed.
    """
    with reading(path), _damaged(path), open_file(path) as file:
        if path.name.lower().endswith(ZIP):
            with zipfile.ZipFile(file) as archive:
                yield in_order_of_names(_of_zip(archive, path, wanted))
        else:
            with tarfile.open(fileobj=file) as archive:
                yield in_order_of_names(_of_tar(archive, path, wanted, progress))


@contextmanager
def _damaged(path: Path) -> Generator[None]:
    try:
        yield
    except _ERRORS as error:
        raise _DAMAGE.error(path, error) from error


def _parts(name: str, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The names down to a file; () if it is not wanted."""
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    if not parts or ".." in parts or any(map(is_hidden, parts)) or not wanted(parts[-1]):
        return ()
    return parts


def _of_zip(archive: zipfile.ZipFile, path: Path, wanted: Callable[[str], bool]) -> list[Entry]:
    infos = archive.infolist()
    check_size(len(infos) * (1 << 30) // _MOST_ENTRIES, str(path), "This number of files")
    entries: list[Entry] = []
    total = packed = 0
    for info in infos:
        parts = () if info.is_dir() else _parts(info.filename, wanted)
        if not parts:
            continue
        if info.flag_bits & 1:
            raise StudioError(
                "This archive is encrypted", where=str(path), advice="Unpack it and choose the folder."
            )
        total, packed = total + info.file_size, packed + info.compress_size
        entries.append(Entry(parts, path.joinpath(*parts), lambda info=info: _unzipped(archive, info, path)))
    check_size(total, str(path), "The files in it")
    check_packing(total, packed, str(path))
    return entries


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    with _damaged(path / info.filename), archive.open(info) as file:
        content = file.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise ValueError("it is longer than its directory says")
        return content


def _of_tar(
    archive: tarfile.TarFile, path: Path, wanted: Callable[[str], bool], progress: Progress
) -> list[Entry]:
    """All wanted files, held in memory: a packed archive can be read from its start only."""
    entries: list[Entry] = []
    total = 0
    for member in archive:
        parts = _parts(member.name, wanted) if member.isreg() else ()
        progress(0, None, f"Unpacking: {len(entries):,} files")
        total += member.size
        check_size(total, str(path), "The files in it")
        if parts:
            file = archive.extractfile(member)
            content = b"" if file is None else file.read()
            entries.append(Entry(parts, path.joinpath(*parts), io.BytesIO(content).getvalue))
    return entries
