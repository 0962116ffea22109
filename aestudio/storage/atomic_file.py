"""Files that are written completely or not at all, also if the process dies meanwhile."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.storage.os_errors import writing
from aestudio.storage.temporary import remove_stale, temporary_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from io import BufferedRandom
    from pathlib import Path


@contextmanager
def new_file(
    path: Path, durable: bool = True, make_folder: bool = True, is_there: Callable[[], bool] | None = None
) -> Generator[BufferedRandom]:
    """An empty file to write and read, which becomes `path` when the block ends well.

    Until then it has a temporary name beside it, and it is removed when the block raises. What a power
    cut leaves behind is removed when `path` is written again, a day later at the earliest.

    durable:     wait until it is on the disk; otherwise a power cut can leave an empty file of that name
    make_folder: create its folder if it is missing; otherwise that is an error
    is_there:    whether the folder is still the same; checked last, so that no file is left in a folder
                 that replaced it while the file was written
    Raises StudioError if the disk is full or the folder cannot be written.
    """
    with scratch_file(path, make_folder) as file:
        yield file
        file.flush()
        if durable:
            os.fsync(file.fileno())
        file.close()  # Windows renames closed files only
        if is_there is not None and not is_there():
            raise StudioError("The folder was moved or deleted", where=str(path.parent))
        os.replace(file.name, path)


@contextmanager
def scratch_file(path: Path, make_folder: bool = True) -> Generator[BufferedRandom]:
    """An empty file to write and read, under a temporary name beside `path`, gone after the block.

    Raises StudioError if the disk is full or the folder cannot be written.
    """
    with writing(path):
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(path)
        with temporary_file(path) as file:
            yield file
