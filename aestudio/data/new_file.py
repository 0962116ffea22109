"""Files that are there wholly or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.data.problems import writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedRandom
    from pathlib import Path

_SUFFIX = ".part"
_STALE = 24 * 3600.0  # seconds after which a temporary file belongs to nobody any more


@contextmanager
def new_file(path: Path, durable: bool = True) -> Iterator[BufferedRandom]:
    """An empty file to write and read, which becomes `path` when the block ends well.

    Until then it has a temporary name beside it, and it is removed when the block raises. What a power
    cut leaves behind is removed by the next call in the same folder, a day later at the earliest,
    because another process may be writing there.

    durable: wait until it is on the disk; without, a power cut can leave an empty file of that name
    Raises StudioError where the disk is full or the folder cannot be written.
    """
    with scratch_file(path) as file:
        yield file
        file.flush()
        if durable:
            os.fsync(file.fileno())
        file.close()  # Windows renames closed files only
        os.replace(file.name, path)


@contextmanager
def scratch_file(path: Path) -> Iterator[BufferedRandom]:
    """An empty file to write and read, under a temporary name beside `path`, gone after the block.

    Raises StudioError where the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_SUFFIX}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        try:
            with temporary.open("w+b") as file:
                yield file
        finally:
            temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for leftover in folder.glob(f".*{_SUFFIX}"):
        if time.time() - leftover.stat().st_mtime > _STALE:
            leftover.unlink(missing_ok=True)
