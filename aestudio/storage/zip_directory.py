"""Checks the directory of a zip archive, before and after it is read.

Python's zipfile reads it into memory as a whole, with another kilobyte for each entry. The position of the
length: PKWARE's APPNOTE.TXT, 4.3.14 to 4.3.16.
"""

from __future__ import annotations

import errno
import os
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.storage.regular_file import file_size

if TYPE_CHECKING:
    from collections.abc import Generator
    from io import BufferedReader
    from pathlib import Path

    from aestudio.storage.damage import Damage

MOST_BYTES = 4_000_000  # 10,000 entries with long names
_END, _END_LENGTH = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_LENGTH = b"PK\x06\x07", 20
_END_64, _END_64_LENGTH = b"PK\x06\x06", 56
_LONGEST_COMMENT = (1 << 16) - 1
_BEST_RATIO = 1032  # deflate cannot pack more tightly: zlib's documentation, "Maximum Compression Factor"
_ENCRYPTED = 0x1
# zipfile and the decompressors raise these for invalid archives, documented or not.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    RuntimeError,
    OverflowError,
)


@contextmanager
def as_damage(path: Path, damage: Damage) -> Generator[None]:
    """Inside it, every error that a damaged archive causes becomes a StudioError that names the file."""
    try:
        yield
    except DAMAGE as error:
        raise damage.error(path, error) from error
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # a part that begins before the file does
            raise  # the disk's fault
        raise damage.error(path, "a part lies outside of it") from error


def check_entry(entry: zipfile.ZipInfo, size: int) -> None:
    """Raises ValueError for an impossible entry of the directory of an archive of `size` bytes."""
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("it is compressed in a way that this program does not use")
    if entry.header_offset < 0 or entry.header_offset + entry.compress_size > size:
        raise ValueError("its parts are outside the file")
    stored = entry.compress_type == zipfile.ZIP_STORED
    if stored and entry.compress_size != entry.file_size:
        raise ValueError("its sizes disagree")
    if entry.file_size > _BEST_RATIO * (entry.compress_size + 1):
        raise ValueError("its header announces more than it can hold")


def check_directory(file: BufferedReader) -> None:
    """Raises ValueError if the directory is too long. One that is not found is left to the reader."""
    length = min(file_size(file), _LONGEST_COMMENT + _END_LENGTH + _LOCATOR_LENGTH + _END_64_LENGTH)
    file.seek(-length, os.SEEK_END)
    tail = file.read(length)
    file.seek(0)
    end = len(tail) - _END_LENGTH
    if not (tail[end:].startswith(_END) and tail.endswith(b"\0\0")):  # a comment follows
        end = tail.rfind(_END)
    if end < 0:
        return
    directory_bytes = int.from_bytes(tail[end + 12 : end + 16], "little")
    locator = end - _LOCATOR_LENGTH
    if locator >= 0 and tail[locator:].startswith(_LOCATOR):  # a 64-bit record precedes it
        start = max(locator - _END_64_LENGTH, 0)
        if tail[start:].startswith(_END_64):
            directory_bytes = int.from_bytes(tail[start + 40 : start + 48], "little")
    if directory_bytes > MOST_BYTES:
        raise ValueError(f"its directory takes {directory_bytes:,} bytes")
