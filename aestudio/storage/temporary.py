"""Temporary files beside the file that they become, under names that only this program uses."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from io import BufferedRandom
    from pathlib import Path

STALE_SECONDS = 24 * 3600.0  # after them a temporary file belongs to no write that is under way
_LONGEST_NAME = 160  # bytes of the name that stay readable; file systems allow 255 in all
_PATTERN = re.compile(r"\.(?P<name>.+)\.aestudio-\d+-[0-9a-f]{16}\.part", re.DOTALL)


@contextmanager
def temporary_file(path: Path) -> Generator[BufferedRandom]:
    """A new, empty file to write and read, hidden beside `path`, gone after the block unless renamed.

    Its name contains the program, the name of `path` and the process, and is used only once. Raises OSError.
    """
    temporary = _new_path(path)
    try:
        # Not mode "x": readers of archives check a file's mode and do not know that one.
        with temporary.open("w+b") as file:
            yield file
    finally:
        with suppress(OSError):  # its folder may be gone; what stays is removed by a later write
            temporary.unlink(missing_ok=True)


def remove_stale(path: Path) -> None:
    """Remove temporary files of `path` that a power cut or a kill left behind, if older than a day.

    Another process may be writing `path` now, so younger files stay. Files that cannot be removed stay.
    """
    own_name = _short_name(path.name)
    for leftover, name in leftovers(path.parent):
        with suppress(OSError):
            if name == own_name and time.time() - leftover.lstat().st_mtime > STALE_SECONDS:
                leftover.unlink()


def leftovers(folder: Path) -> list[tuple[Path, str]]:
    """Temporary files of this program in a folder, of any age, each with its final name.

    A very long name is replaced by its digest. Folders and links are left out. [] for an unreadable folder.
    """
    files: list[tuple[Path, str]] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _PATTERN.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False):
                files.append((folder / entry.name, match["name"]))
    return files


def _new_path(path: Path) -> Path:
    """The path of a new, empty file."""
    while True:
        temporary = path.with_name(
            f".{_short_name(path.name)}.aestudio-{os.getpid()}-{secrets.token_hex(8)}.part"
        )
        with suppress(FileExistsError):
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return temporary


def _short_name(name: str) -> str:
    data = os.fsencode(name)
    return name if len(data) <= _LONGEST_NAME else hashlib.sha256(data).hexdigest()[:32]
