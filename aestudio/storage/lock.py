"""One writer per run folder: a lock file, held through the operating system while the writer runs.

The lock vanishes with its process, however that process ended, so that there is nothing stale to clean up.
It also holds between two threads of one process. Where other computers do not see it, they see the sign of
its holder (`writer_sign.py`).

`filelock.lock_descriptor` takes the lock; opening and closing the file stays here. Its class `FileLock` would
not do: it creates the file to find out whether another process holds it, which `has_writer` must not do in a
folder that is only read. On a file system without locks (some network drives) it raises or uses marker files,
which outlive a killed process; here such a folder counts as free.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.storage.os_errors import writing
from aestudio.storage.writer_sign import OtherWriter, other_writer

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FILE = "writer.lock"
_TRIES = 5  # has_writer of another process holds the lock very briefly


class RunLock:
    """Lock of the writer of a run folder; raises StudioError if another writer holds it.

    left_by: the process of another computer that wrote the folder and did not say that it ended
    """

    left_by: OtherWriter | None = None

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with writing(self.path):
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        for attempt in range(_TRIES):
            if _locked(self._descriptor):
                self._refuse_others(folder)
                return
            if attempt < _TRIES - 1:
                time.sleep(0.02)
        os.close(self._descriptor)
        raise StudioError(
            "This run is being trained right now",
            where=str(folder),
            advice="Stop it in the window or terminal where it runs, or start a new run.",
        )

    def _refuse_others(self, folder: Path) -> None:
        """Raises StudioError if another computer gives signs of life; keeps an old sign in `left_by`."""
        try:
            os.utime(self.path)  # the time by the clock of the disk, which may be another computer's
            self.left_by = other_writer(folder, os.fstat(self._descriptor).st_mtime)
        except OSError:
            self.left_by = other_writer(folder)
        if self.left_by is not None and self.left_by.alive:
            self.release()
            raise self.left_by.refusal(folder)

    def release(self) -> None:
        """Release the lock; may be called twice."""
        if self._descriptor >= 0:
            # Closing gives the lock back on every system.
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def locked(path: Path, seconds: float = 5.0) -> Generator[None]:
    """Hold the lock file in the block, after waiting for its holder; its folder must exist.

    Raises StudioError if it stays held for `seconds`, or cannot be created.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        until = time.monotonic() + seconds
        while not _locked(descriptor):
            if time.monotonic() > until:
                raise StudioError(
                    "Another window is writing here", where=str(path.parent), advice="Try again in a moment."
                )
            time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_if_possible(path: Path, seconds: float = 1.0) -> Generator[None]:
    """As `locked`, for small files of settings: without the lock if it stays held or cannot be made.

    Others hold it for a few milliseconds. Its folder is made if it is missing.
    """
    with ExitStack() as stack:
        with suppress(StudioError, OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path, seconds))
        yield


def open_lock(path: Path) -> int | None:
    """Hold a lock file until `close_lock` or the end of the process; None if another one holds it.

    Its folder must exist. Raises StudioError if it cannot be created.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    if _locked(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def close_lock(descriptor: int) -> None:
    """Give back what `open_lock` gave."""
    os.close(descriptor)


def has_writer(folder: Path) -> bool:
    """Whether another process or thread writes into the folder now."""
    other = other_writer(folder)
    if other is not None and other.alive:
        return True
    try:
        descriptor = os.open(folder / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Take the lock if it is free; also True on a file system without locks."""
    from filelock import lock_descriptor  # costs 20 ms, and the first frame needs no lock

    try:
        return lock_descriptor(descriptor, blocking=False)
    except OSError:
        return True
