"""Disk space for the result of a training: reserved early, and freed from the history if necessary."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.locked_folder import RESERVE
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from aestudio.storage.files import WRITING
from aestudio.storage.os_errors import FULL, is_full

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.runs.history_files import HistoryWriter
    from aestudio.runs.locked_folder import LockedFolder
    from aestudio.training.events import Checkpoint

# Besides the weights: the record, some points of curves, and the headers of the files.
SLACK = 1 << 18
_BINARY = getattr(os, "O_BINARY", 0)
_CHUNK = 1 << 20


class ReservedSpace:
    """A file that occupies disk space, so that other programs cannot."""

    def __init__(self, folder: LockedFolder) -> None:
        self._folder = folder
        self._reserved = 0

    @property
    def size(self) -> int:
        """Reserved bytes."""
        return self._reserved

    def reserve(self, size: int) -> bool:
        """Reserve exactly `size` bytes; False if the disk is too full, and the earlier reserve stays.

        True for a folder that cannot be written: that is not a lack of space.
        """
        if size == self._reserved:
            return True
        try:
            descriptor = self._folder.open(RESERVE, os.O_RDWR | os.O_CREAT | _BINARY)
        except OSError as error:
            return error.errno not in FULL
        try:
            os.ftruncate(descriptor, min(size, self._reserved))
            _allocate(descriptor, min(size, self._reserved), size)
        except OSError as error:
            self._reserved = min(size, self._reserved)
            os.ftruncate(descriptor, self._reserved)
            return error.errno not in FULL
        else:
            self._reserved = size
        finally:
            os.close(descriptor)
        return True

    def release(self) -> None:
        """Remove the file; may be called twice."""
        self._reserved = 0
        with suppress(OSError):  # its folder is gone, or cannot be written
            self._folder.unlink(RESERVE)


class DiskSpace:
    """Writes the result's files, also when the disk is full.

    First the reserve is freed for them, then checkpoints of the history, the least useful first.
    """

    def __init__(self, folder: LockedFolder, history: HistoryWriter) -> None:
        self._folder = folder
        self._history = history
        self._reserve = ReservedSpace(folder)
        self._state = self._weights = self._step = 0

    @property
    def needed(self) -> int:
        """Bytes that the result still needs, at most at one time.

        A newer state is written beside the one that it replaces.
        """
        if not self._state:
            return 0
        folder = self._folder.path
        first_state = 0 if (folder / CHECKPOINT).exists() else self._state
        first_weights = 0 if (folder / WEIGHTS).exists() else self._weights
        return self._state + first_state + first_weights + SLACK

    def release(self) -> None:
        """Remove the reserve, before the run moves to another folder or after its files were deleted."""
        with WRITING:
            self._reserve.release()

    def require(self, state: Checkpoint) -> bool:
        """Reserve space for states like this one; False if even the history cannot free enough."""
        self._state, self._step = state.size, int(state.counters["step"])
        self._weights = sum(array.nbytes for array in state.snapshot.weights.values())
        if self._reserve.size == self.needed:
            return True
        with WRITING:  # two threads write results
            return self._reserve_needed()

    def write(self, write: Callable[[], object]) -> None:
        """Call `write`; free space and repeat while the disk is full; raises its StudioError."""
        try:
            write()
        except StudioError as problem:
            if not is_full(problem):
                raise
        else:
            return
        with WRITING:  # the history waits, and takes none of the freed space
            self._reserve.release()
            freed = 0
            while True:
                try:
                    write()
                    break
                except StudioError as problem:
                    freed_now = self._free_space(freed) if is_full(problem) else 0
                    if not freed_now:
                        raise
                    freed += freed_now
            self._reserve_needed()

    def close(self) -> None:
        """Everything is written: remove the reserve."""
        with WRITING:
            self._reserve.release()
            self._state = 0

    def _reserve_needed(self) -> bool:
        freed = 0
        while not self._reserve.reserve(self.needed):
            freed_now = self._free_space(freed)
            if not freed_now:
                return False
            freed += freed_now
        return True

    def _free_space(self, freed: int) -> int:
        """Remove a checkpoint of the history; returns its bytes.

        0 if none is left, or if freeing twice the needed space did not help: on some disks (snapshots of a
        file system, quotas) removing files frees nothing.
        """
        return 0 if freed > 2 * self.needed else self._history.free_space(self._step)


def _allocate(descriptor: int, start: int, end: int) -> None:
    """Take the bytes from start to end on the disk; raises OSError if they are not there."""
    if end <= start:
        return
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, start, end - start)
        return
    os.lseek(descriptor, start, os.SEEK_SET)
    zeros = bytes(_CHUNK)
    while start < end:
        start += os.write(descriptor, zeros[: end - start])
