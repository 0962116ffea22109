"""Opens regular files only: reading a pipe or a device might never end."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

# O_NONBLOCK: opening a pipe does not wait for its writer. O_BINARY: Windows keeps line ends.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_file(path: Path) -> BufferedReader:
    """The file opened for reading bytes; raises OSError, StudioError for anything but a regular file."""
    descriptor = os.open(path, _FLAGS)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise StudioError("This is a folder, not a file", where=str(path), advice="Choose a file.")
        if not stat.S_ISREG(mode):
            raise StudioError(
                "This is a pipe or a device, not a file", where=str(path), advice="Choose a file."
            )
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def file_size(file: BufferedReader) -> int:
    """Bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def read_file(path: Path, most_bytes: int) -> bytes:
    """The content of a small file; raises OSError, StudioError for one that is no file or larger."""
    with open_file(path) as file:
        # Python makes room for all that it is asked for before it reads.
        data = file.read(min(most_bytes, file_size(file)) + 1)
    if len(data) > most_bytes:
        raise StudioError(
            f"This file is larger than {most_bytes:,} bytes, the most that is allowed",
            where=str(path),
            advice="Restore it from a copy, or remove it.",
        )
    return data
