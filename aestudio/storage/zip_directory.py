"""Checks the length of a zip archive's directory before it is read.

Python's zipfile reads it into memory as a whole, with another kilobyte for each entry. The position of the
length: PKWARE's APPNOTE.TXT, 4.3.14 to 4.3.16.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aestudio.storage.regular_file import file_size

if TYPE_CHECKING:
    from io import BufferedReader

MOST_BYTES = 4_000_000  # 10,000 entries with long names
_END, _END_LENGTH = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_LENGTH = b"PK\x06\x07", 20
_END_64, _END_64_LENGTH = b"PK\x06\x06", 56
_LONGEST_COMMENT = (1 << 16) - 1


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
